/* What the page itself refuses: nothing is copied out of the paper, nothing comes in from outside.
   Cut, copy and paste work between answers, over a clipboard of the page's own. */

let clipboard = "";

kd.forgetClipboard = () => { clipboard = ""; };

function copyFrom(event) {
  event.preventDefault();
  const field = event.target;
  if (!kd.isTyping(field) || field.selectionStart === field.selectionEnd) return;
  clipboard = field.value.slice(field.selectionStart, field.selectionEnd);
  if (event.type === "cut") document.execCommand("delete");
}

document.addEventListener("copy", copyFrom, true);
document.addEventListener("cut", copyFrom, true);
document.addEventListener("paste", (event) => {
  event.preventDefault();
  if (kd.isTyping(event.target) && clipboard) document.execCommand("insertText", false, clipboard);
}, true);

for (const name of ["dragstart", "dragover", "dragenter", "drop", "contextmenu", "auxclick"]) {
  document.addEventListener(name, (event) => event.preventDefault(), true);
}
document.addEventListener("wheel", (event) => {
  if (event.ctrlKey) event.preventDefault();
}, { capture: true, passive: false });
document.addEventListener("securitypolicyviolation", (event) => {
  if (kd.bridge) kd.bridge.violated(event.violatedDirective);
});
