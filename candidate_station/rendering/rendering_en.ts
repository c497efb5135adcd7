<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
<context>
    <name>ArrangementLabels</name>
    <message>
        <source>尚未作答</source>
        <translation>Not answered yet</translation>
    </message>
    <message>
        <source>已作答</source>
        <translation>Answered</translation>
    </message>
    <message>
        <source>清除作答</source>
        <translation>Clear answer</translation>
    </message>
    <message>
        <source>备选项</source>
        <translation>Options</translation>
    </message>
    <message>
        <source>（已用）</source>
        <translation>(used)</translation>
    </message>
    <message>
        <source>“{n}”的使用次数已满</source>
        <translation>“{n}” cannot be used again</translation>
    </message>
    <message>
        <source>每行选一项，再次点击可取消</source>
        <translation>Choose one in each row; choose it again to clear</translation>
    </message>
    <message>
        <source>每行可选多项，再次点击可取消</source>
        <translation>Choose any number in each row; choose one again to clear it</translation>
    </message>
    <message>
        <source>每个选项只能用一次</source>
        <translation>each option can be used once</translation>
    </message>
    <message>
        <source>“{n}”只能用一次，已改到本行</source>
        <translation>“{n}” can be used once; it was moved to this row</translation>
    </message>
    <message>
        <source>共配 {n} 对</source>
        <translation>make {n} pairs</translation>
    </message>
    <message>
        <source>至少配 {n} 对</source>
        <translation>at least {n} pairs</translation>
    </message>
    <message>
        <source>最多配 {n} 对</source>
        <translation>at most {n} pairs</translation>
    </message>
    <message>
        <source>已配 {n} 对</source>
        <translation>Pairs made: {n}</translation>
    </message>
    <message>
        <source>已配成的对</source>
        <translation>Pairs made</translation>
    </message>
    <message>
        <source>取消配对：{n}</source>
        <translation>Undo the pair {n}</translation>
    </message>
    <message>
        <source>先后选择两项配成一对，也可拖动</source>
        <translation>Choose two options one after the other to pair them, or drag one onto the other</translation>
    </message>
    <message>
        <source>已选“{n}”，请选择与它配对的一项</source>
        <translation>“{n}” is chosen: now choose its partner</translation>
    </message>
    <message>
        <source>第 {n} 空</source>
        <translation>Gap {n}:</translation>
    </message>
    <message>
        <source>未填</source>
        <translation>empty</translation>
    </message>
    <message>
        <source>选择备选项，再选择空处；也可拖动，或在空处按选项字母</source>
        <translation>Choose an option, then a gap; or drag it there, or press its letter on the gap</translation>
    </message>
    <message>
        <source>已选“{n}”，请选择要填入的空</source>
        <translation>“{n}” is chosen: now choose a gap</translation>
    </message>
    <message>
        <source>请为第 {n} 空选择备选项</source>
        <translation>Choose an option for gap {n}</translation>
    </message>
    <message>
        <source>共填 {n} 空</source>
        <translation>fill {n} gaps</translation>
    </message>
    <message>
        <source>至少填 {n} 空</source>
        <translation>at least {n} gaps</translation>
    </message>
    <message>
        <source>最多填 {n} 空</source>
        <translation>at most {n} gaps</translation>
    </message>
    <message>
        <source>已填 {n} 空</source>
        <translation>Gaps filled: {n}</translation>
    </message>
    <message>
        <source>用 ▲ ▼ 移动，或选择一项再选择它的位置，也可拖动</source>
        <translation>Move with ▲ ▼, or choose an item and then its place, or drag it</translation>
    </message>
    <message>
        <source>选出若干项并排好顺序</source>
        <translation>Choose some of the items and put them in order</translation>
    </message>
    <message>
        <source>排列顺序</source>
        <translation>Order</translation>
    </message>
    <message>
        <source>备选项（选择后排入上面的顺序）</source>
        <translation>Options (choose one to add it to the order above)</translation>
    </message>
    <message>
        <source>按当前顺序作答</source>
        <translation>Answer with this order</translation>
    </message>
    <message>
        <source>尚未作答：移动任意一项，或选择“按当前顺序作答”</source>
        <translation>Not answered yet: move an item, or choose “Answer with this order”</translation>
    </message>
    <message>
        <source>正在移动“{n}”：用方向键，或选择目标位置</source>
        <translation>Moving “{n}”: use the arrow keys or choose its place</translation>
    </message>
    <message>
        <source>已排 {n} 项</source>
        <translation>In order: {n}</translation>
    </message>
    <message>
        <source>第 {n} 位</source>
        <translation>Place {n}:</translation>
    </message>
    <message>
        <source>前移</source>
        <translation>Move forward</translation>
    </message>
    <message>
        <source>后移</source>
        <translation>Move back</translation>
    </message>
    <message>
        <source>移出</source>
        <translation>Take out</translation>
    </message>
    <message>
        <source>在文中选一处，再次点击可取消</source>
        <translation>Choose one place in the text; choose it again to clear</translation>
    </message>
    <message>
        <source>在文中可选多处，再次点击可取消</source>
        <translation>Choose any number of places in the text; choose one again to clear it</translation>
    </message>
    <message>
        <source>已选 {n} 处</source>
        <translation>Chosen: {n}</translation>
    </message>
    <message>
        <source>滑块</source>
        <translation>Slider</translation>
    </message>
    <message>
        <source>拖动滑块，或用方向键调整</source>
        <translation>Drag the slider, or use the arrow keys</translation>
    </message>
    <message>
        <source>尚未作答：移动滑块，或在原位点击滑块</source>
        <translation>Not answered yet: move the slider, or click it where it stands</translation>
    </message>
</context>
<context>
    <name>GraphicLabels</name>
    <message>
        <source>区域 {n}</source>
        <translation>area {n}</translation>
    </message>
    <message>
        <source>已选：{n}</source>
        <translation>Chosen: {n}</translation>
    </message>
    <message>
        <source>尚未选择</source>
        <translation>Nothing chosen yet</translation>
    </message>
    <message>
        <source>图</source>
        <translation>picture</translation>
    </message>
    <message>
        <source>点击图上的位置；或用方向键移动十字线，Shift+方向键微调，空格键标记或取消</source>
        <translation>Click a place on the picture; or move the cross-hair with the arrow keys (Shift for fine steps) and mark or clear with the space bar</translation>
    </message>
    <message>
        <source>十字线 {n}</source>
        <translation>Cross-hair {n}</translation>
    </message>
    <message>
        <source>已标记 {n}</source>
        <translation>Marked {n}</translation>
    </message>
    <message>
        <source>可标记多个点</source>
        <translation>Mark as many points as you want</translation>
    </message>
    <message>
        <source>最多标记 {n} 个点</source>
        <translation>Mark at most {n} points</translation>
    </message>
    <message>
        <source>至少标记 {n} 个点</source>
        <translation>at least {n} points</translation>
    </message>
    <message>
        <source>尚未标记</source>
        <translation>Nothing marked yet</translation>
    </message>
    <message>
        <source>备选项</source>
        <translation>Pieces to place</translation>
    </message>
    <message>
        <source>先选一个备选项，再选图上的位置；选已放好的位置可取下</source>
        <translation>Choose a piece, then a place on the picture; choose a filled place to take its piece back</translation>
    </message>
    <message>
        <source>请先选一个备选项</source>
        <translation>Choose a piece first</translation>
    </message>
    <message>
        <source>已拿起 {n}，请选图上的位置</source>
        <translation>{n} taken; now choose a place on the picture</translation>
    </message>
    <message>
        <source>已取下 {n}</source>
        <translation>{n} taken back</translation>
    </message>
    <message>
        <source>最多放 {n} 个</source>
        <translation>At most {n} pieces</translation>
    </message>
    <message>
        <source>已用</source>
        <translation>used</translation>
    </message>
    <message>
        <source>已用 {n} 次</source>
        <translation>used {n} times</translation>
    </message>
    <message>
        <source>空</source>
        <translation>empty</translation>
    </message>
    <message>
        <source>播放</source>
        <translation>Play</translation>
    </message>
    <message>
        <source>继续播放</source>
        <translation>Go on</translation>
    </message>
    <message>
        <source>暂停</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>还可播放 {n} 次</source>
        <translation>Plays left: {n}</translation>
    </message>
    <message>
        <source>播放次数已用完</source>
        <translation>No plays left</translation>
    </message>
    <message>
        <source>至少播放 {n} 次</source>
        <translation>play at least {n} times</translation>
    </message>
    <message>
        <source>播放进度</source>
        <translation>position</translation>
    </message>
    <message>
        <source>音量</source>
        <translation>Volume</translation>
    </message>
    <message>
        <source>✕ 无法播放，请举手</source>
        <translation>✕ Cannot be played: raise your hand</translation>
    </message>
</context>
<context>
    <name>ItemView</name>
    <message>
        <source>请选择</source>
        <translation>Choose</translation>
    </message>
    <message>
        <source>多选题</source>
        <translation>Choose all that apply</translation>
    </message>
    <message>
        <source>多选题，选 {n} 项</source>
        <translation>Choose {n}</translation>
    </message>
    <message>
        <source>至少选 {n} 项</source>
        <translation>at least {n}</translation>
    </message>
    <message>
        <source>最多选 {n} 项</source>
        <translation>at most {n}</translation>
    </message>
    <message>
        <source>，</source>
        <translation>, </translation>
    </message>
    <message>
        <source>填空</source>
        <translation>Blank</translation>
    </message>
    <message>
        <source>作答区</source>
        <translation>Your answer</translation>
    </message>
    <message>
        <source>字数 {n}</source>
        <translation>Characters: {n}</translation>
    </message>
    <message>
        <source>请检查格式</source>
        <translation>Check the format</translation>
    </message>
    <message>
        <source>材料 {n}</source>
        <translation>Text {n}</translation>
    </message>
    <message>
        <source>试题</source>
        <translation>Question</translation>
    </message>
</context>
</TS>
