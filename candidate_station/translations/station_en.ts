<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="zh_CN">
<context>
    <name>AnswerPage</name>
    <message>
        <source>上一题(&amp;P)</source>
        <translation>&amp;Previous</translation>
    </message>
    <message>
        <source>下一题(&amp;N)</source>
        <translation>&amp;Next</translation>
    </message>
    <message>
        <source>交卷(&amp;S)</source>
        <translation>Hand in (&amp;S)</translation>
    </message>
    <message>
        <source>试题</source>
        <translation>Question</translation>
    </message>
    <message>
        <source>⚠ 网络中断，本机作答中：可继续作答，答案保存在本机，恢复后自动同步。</source>
        <translation>⚠ Network down, working on this station: keep answering. Answers are saved here and sent when it returns.</translation>
    </message>
    <message>
        <source>%1&#x3000;准考证号 %2&#x3000;机位 %3</source>
        <translation>%1   Ticket %2   Seat %3</translation>
    </message>
    <message>
        <source>现在可以交卷；交卷后须经监考人员同意方可离场。</source>
        <translation>You may hand in now. Leave only after handing in and with an invigilator&apos;s consent.</translation>
    </message>
    <message>
        <source>考场封闭至考试结束，到时自动交卷。</source>
        <translation>The room is closed until the end; your work is handed in by itself then.</translation>
    </message>
    <message>
        <source>考场封闭，%1 后可以交卷。</source>
        <translation>The room is closed; you may hand in after %1.</translation>
    </message>
    <message>
        <source>▲ 取消标记(&amp;M)</source>
        <translation>▲ Unflag (&amp;M)</translation>
    </message>
    <message>
        <source>△ 标记(&amp;M)</source>
        <translation>△ Flag (&amp;M)</translation>
    </message>
    <message>
        <source>第 %1 题，共 %2 题</source>
        <translation>Question %1 of %2</translation>
    </message>
    <message>
        <source>计算器(&amp;K)</source>
        <translation>Calculator (&amp;K)</translation>
    </message>
</context>
<context>
    <name>AwayPage</name>
    <message>
        <source>暂离，本机已锁定</source>
        <translation>Away: this station is locked</translation>
    </message>
    <message>
        <source>返回座位后请等候监考人员解锁，方可继续作答。</source>
        <translation>Back at your seat, wait until an invigilator unlocks the station, then go on.</translation>
    </message>
    <message>
        <source>离开的时间计入本人考试时间。</source>
        <translation>The time away counts as your own.</translation>
    </message>
    <message>
        <source>剩余时间 %1</source>
        <translation>Time left %1</translation>
    </message>
</context>
<context>
    <name>BlockedPage</name>
    <message>
        <source>本机暂时不能使用</source>
        <translation>This station cannot be used now</translation>
    </message>
    <message>
        <source>请举手报告监考人员，在座位上等候处理。</source>
        <translation>Raise your hand for an invigilator and wait at your seat.</translation>
    </message>
    <message>
        <source>已保存的作答不会丢失，需要时可换机继续。</source>
        <translation>Saved answers are not lost; you can go on at another station if needed.</translation>
    </message>
    <message>
        <source>本场考试已终止</source>
        <translation>Your exam was ended</translation>
    </message>
    <message>
        <source>请听从监考人员安排离开考场。</source>
        <translation>Please leave the room as the staff tell you.</translation>
    </message>
    <message>
        <source>此前的作答已保存，不会删除。</source>
        <translation>Your answers so far are kept; nothing is deleted.</translation>
    </message>
</context>
<context>
    <name>CalculatorPanel</name>
    <message>
        <source>计算器</source>
        <translation>Calculator</translation>
    </message>
    <message>
        <source>退格</source>
        <translation>Delete the last digit</translation>
    </message>
    <message>
        <source>正负号</source>
        <translation>Change the sign</translation>
    </message>
    <message>
        <source>清除</source>
        <translation>Clear</translation>
    </message>
    <message>
        <source>错误，按 C</source>
        <translation>Error, press C</translation>
    </message>
</context>
<context>
    <name>CellButton</name>
    <message>
        <source>第%1题</source>
        <translation>Question %1</translation>
    </message>
    <message>
        <source>已作答</source>
        <translation>answered</translation>
    </message>
    <message>
        <source>未作答</source>
        <translation>not answered</translation>
    </message>
    <message>
        <source>已标记</source>
        <translation>flagged</translation>
    </message>
    <message>
        <source>当前题</source>
        <translation>current</translation>
    </message>
    <message>
        <source>有更正通知</source>
        <translation>corrected by a notice</translation>
    </message>
</context>
<context>
    <name>ConfirmPage</name>
    <message>
        <source>确认信息</source>
        <translation>Confirm your details</translation>
    </message>
    <message>
        <source>请核对以下信息是否为本人信息。有误请选“信息有误”并举手。</source>
        <translation>Check that these details are yours. If not, choose &quot;Not correct&quot; and raise your hand.</translation>
    </message>
    <message>
        <source>应试人员照片</source>
        <translation>Photo of the candidate</translation>
    </message>
    <message>
        <source>信息有误(&amp;W)</source>
        <translation>Not correct (&amp;W)</translation>
    </message>
    <message>
        <source>信息无误(&amp;Y)</source>
        <translation>Correct (&amp;Y)</translation>
    </message>
    <message>
        <source>姓名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>证件号码</source>
        <translation>ID number</translation>
    </message>
    <message>
        <source>准考证号</source>
        <translation>Admission ticket</translation>
    </message>
    <message>
        <source>考场</source>
        <translation>Room</translation>
    </message>
    <message>
        <source>机位</source>
        <translation>Seat</translation>
    </message>
    <message>
        <source>考试</source>
        <translation>Examination</translation>
    </message>
    <message>
        <source>科目</source>
        <translation>Subject</translation>
    </message>
</context>
<context>
    <name>ConfirmSubmitPage</name>
    <message>
        <source>确认交卷？</source>
        <translation>Hand in?</translation>
    </message>
    <message>
        <source>⚠ 确认交卷后不能再作答。</source>
        <translation>⚠ After handing in you cannot answer any more.</translation>
    </message>
    <message>
        <source>未作答题号（点击可返回该题）：</source>
        <translation>Not answered (press a number to go back to it):</translation>
    </message>
    <message>
        <source>已标记题号（点击可返回该题）：</source>
        <translation>Flagged (press a number to go back to it):</translation>
    </message>
    <message>
        <source>返回作答(&amp;B)</source>
        <translation>Back to answering (&amp;B)</translation>
    </message>
    <message>
        <source>确认交卷(&amp;S)</source>
        <translation>Hand in for good (&amp;S)</translation>
    </message>
    <message>
        <source>剩余时间 %1，到时自动交卷</source>
        <translation>Time left %1; your work is handed in by itself then</translation>
    </message>
    <message>
        <source>⚠ 未作答：%1 题</source>
        <translation>⚠ Not answered: %1</translation>
    </message>
    <message>
        <source>✓ 全部试题已作答</source>
        <translation>✓ All questions are answered</translation>
    </message>
    <message>
        <source>已标记：%1 题</source>
        <translation>Flagged: %1</translation>
    </message>
</context>
<context>
    <name>ConnectingPage</name>
    <message>
        <source>正在连接考点服务器…</source>
        <translation>Connecting to the venue server…</translation>
    </message>
    <message>
        <source>无需操作，连接后将自动继续。长时间停留在本页，请报告系统管理员。</source>
        <translation>Nothing to do: it goes on by itself. If this page stays for long, tell the system administrator.</translation>
    </message>
    <message>
        <source>尚未取得</source>
        <translation>not known yet</translation>
    </message>
    <message>
        <source>本机编号：%1</source>
        <translation>This station: %1</translation>
    </message>
</context>
<context>
    <name>Corrections</name>
    <message>
        <source>总部更正通知</source>
        <translation>Headquarters&apos; correction notices</translation>
    </message>
    <message>
        <source>更正通知(&amp;G)</source>
        <translation>Correction notices (&amp;G)</translation>
    </message>
    <message>
        <source>我已阅读(&amp;R)</source>
        <translation>I have &amp;read it</translation>
    </message>
    <message>
        <source>我已阅读第 %1 号通知</source>
        <translation>I have read notice %1</translation>
    </message>
    <message>
        <source>第 %1 题</source>
        <translation>question %1</translation>
    </message>
    <message>
        <source>全卷</source>
        <translation>whole paper</translation>
    </message>
    <message>
        <source>⚠ 总部更正通知 第 %1 号（%2）：</source>
        <translation>⚠ Headquarters&apos; correction notice %1 (%2):</translation>
    </message>
</context>
<context>
    <name>CountdownPage</name>
    <message>
        <source>等待开考</source>
        <translation>Waiting for the start</translation>
    </message>
    <message>
        <source>开考时间确定后将显示倒计时。请在座位上等候。</source>
        <translation>A countdown appears when the start is fixed. Please wait at your seat.</translation>
    </message>
    <message>
        <source>预定 %1 开考，届时自动进入作答界面。开考前不能作答。</source>
        <translation>Planned start %1; the paper opens by itself. No answers before the start.</translation>
    </message>
    <message>
        <source>预定时间已到，尚未开考。请在座位上等候监考人员通知。</source>
        <translation>The planned time has come but the exam has not started. Please wait for the invigilator.</translation>
    </message>
    <message>
        <source>距开考 %1</source>
        <translation>%1 to the start</translation>
    </message>
    <message>
        <source>%1 开考，届时自动进入作答界面。开考前不能作答。</source>
        <translation>The examination starts at %1 and opens by itself. No answering before the start.</translation>
    </message>
    <message>
        <source>开考时间已到，正在打开试卷，请稍候。如长时间未打开请举手。</source>
        <translation>It is time. The paper is being opened, please wait. If it does not open, raise your hand.</translation>
    </message>
    <message>
        <source>%1 · 机位 %2</source>
        <translation>%1 · Seat %2</translation>
    </message>
</context>
<context>
    <name>EnrolPage</name>
    <message>
        <source>考试机登记</source>
        <translation>Enrol this station</translation>
    </message>
    <message>
        <source>请系统管理员核对：本机显示的登记码须与服务器上显示的完全一致。</source>
        <translation>System administrator: this code must be exactly the one shown at the server.</translation>
    </message>
    <message>
        <source>一致则在服务器上确认；不一致请勿确认，并立即报告。</source>
        <translation>If they are the same, confirm at the server. If not, do not confirm, and report it at once.</translation>
    </message>
    <message>
        <source>登记码 %1</source>
        <translation>Enrolment code %1</translation>
    </message>
</context>
<context>
    <name>HandButton</name>
    <message>
        <source>已举手·放下(&amp;H)</source>
        <translation>Hand is up · lower (&amp;H)</translation>
    </message>
    <message>
        <source>举手(&amp;H)</source>
        <translation>Raise hand (&amp;H)</translation>
    </message>
</context>
<context>
    <name>Highlighter</name>
    <message>
        <source>强调显示(&amp;E)</source>
        <translation>Highlight (&amp;E)</translation>
    </message>
    <message>
        <source>拖动选中文字即标记，点击即取消；键盘 ←→ 选词，空格 标记或取消，Shift+←→ 连续标记。</source>
        <translation>Drag over words to mark, click to unmark. Keys: ←→ word, Space mark, Shift+←→ mark on.</translation>
    </message>
</context>
<context>
    <name>Instructions</name>
    <message>
        <source>作答说明(&amp;D)</source>
        <translation>Instructions (&amp;D)</translation>
    </message>
    <message>
        <source>作答说明</source>
        <translation>Instructions</translation>
    </message>
</context>
<context>
    <name>LoginPage</name>
    <message>
        <source>应试人员登录</source>
        <translation>Candidate log-in</translation>
    </message>
    <message>
        <source>准考证号(&amp;T)</source>
        <translation>Admission &amp;ticket number</translation>
    </message>
    <message>
        <source>有效身份证件号码(&amp;I)</source>
        <translation>&amp;Identity document number</translation>
    </message>
    <message>
        <source>准考证号</source>
        <translation>Admission ticket</translation>
    </message>
    <message>
        <source>有效身份证件号码</source>
        <translation>Identity document number</translation>
    </message>
    <message>
        <source>全角、空格、字母大小写均可识别。号码有误请举手，由监考人员处理。</source>
        <translation>Spaces, full-width and upper or lower case are all understood. If a number is wrong, raise your hand.</translation>
    </message>
    <message>
        <source>⚠ 请填写准考证号和有效身份证件号码。</source>
        <translation>⚠ Enter your admission ticket number and your identity document number.</translation>
    </message>
    <message>
        <source>登录(&amp;L)</source>
        <translation>&amp;Log in</translation>
    </message>
    <message>
        <source>考场 %1 · 机位 %2</source>
        <translation>Room %1 · Seat %2</translation>
    </message>
</context>
<context>
    <name>Navigator</name>
    <message>
        <source>题号</source>
        <translation>Questions</translation>
    </message>
    <message>
        <source>题号栏</source>
        <translation>Question navigator</translation>
    </message>
    <message>
        <source>·&#x3000;未填色：未作答
✓&#x3000;蓝底：已作答
粗框橙底：当前题
右上角三角：已标记</source>
        <translation>·  not filled: not answered
✓  blue: answered
thick frame, orange: current
corner triangle: flagged</translation>
    </message>
</context>
<context>
    <name>ReceiptPage</name>
    <message>
        <source>交卷成功</source>
        <translation>Handed in</translation>
    </message>
    <message>
        <source>✓ 服务器已收妥全部作答</source>
        <translation>✓ The server has all your answers</translation>
    </message>
    <message>
        <source>交卷回执码（可抄录备查）</source>
        <translation>Hand-in receipt code (you may copy it down)</translation>
    </message>
    <message>
        <source>交卷回执二维码</source>
        <translation>QR code of the hand-in receipt</translation>
    </message>
    <message>
        <source>回执码由您的全部作答记录算出，末两位为校验位；日后可凭此核对上报的作答。</source>
        <translation>The code is computed from everything you answered; its last two digits check the others. The answers that were sent can be compared with it later.</translation>
    </message>
    <message>
        <source>请在座位上等候，经监考人员同意后方可离场。请勿关机。</source>
        <translation>Wait at your seat; leave only with an invigilator&apos;s consent. Do not switch the station off.</translation>
    </message>
    <message>
        <source>交卷回执码 %1</source>
        <translation>Hand-in receipt code %1</translation>
    </message>
    <message>
        <source>姓名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>准考证号</source>
        <translation>Admission ticket</translation>
    </message>
    <message>
        <source>科目</source>
        <translation>Subject</translation>
    </message>
    <message>
        <source>机位</source>
        <translation>Seat</translation>
    </message>
    <message>
        <source>△ 服务器存储故障，作答保存在本机，请勿关机</source>
        <translation>△ The server&apos;s disks fail; your answers are on this machine. Leave it on</translation>
    </message>
    <message>
        <source>✓ 服务器已收妥全部作答，已在考点两处保存</source>
        <translation>✓ The server has all your answers, in two copies at the venue</translation>
    </message>
    <message>
        <source>✓ 全部作答已在考点两处保存，并已存入备份介质</source>
        <translation>✓ All your answers are in two copies at the venue and on a backup medium</translation>
    </message>
    <message>
        <source>✓ 全部作答已上报</source>
        <translation>✓ All your answers were delivered to headquarters</translation>
    </message>
    <message>
        <source>已交卷</source>
        <translation>Your paper is handed in</translation>
    </message>
    <message>
        <source>✕ 有 %1 条作答只在本机，服务器尚未收到，也不在此回执码之内。请勿关机，并立即举手</source>
        <translation>✕ %1 of your answers are on this machine only: the server does not have them, and this receipt code does not cover them. Do not switch the machine off, and raise your hand at once</translation>
    </message>
</context>
<context>
    <name>Remaining</name>
    <message>
        <source>剩余时间</source>
        <translation>Time left</translation>
    </message>
    <message>
        <source>已隐藏</source>
        <translation>hidden</translation>
    </message>
    <message>
        <source>剩余时间 %1</source>
        <translation>Time left %1</translation>
    </message>
    <message>
        <source>隐藏时间(&amp;T)</source>
        <translation>Hide (&amp;T)</translation>
    </message>
    <message>
        <source>显示时间(&amp;T)</source>
        <translation>Show (&amp;T)</translation>
    </message>
    <message>
        <source>⚠ 不足15分钟</source>
        <translation>⚠ Less than 15 minutes</translation>
    </message>
    <message>
        <source>⚠ 不足5分钟，到时自动交卷</source>
        <translation>⚠ Under 5 min; hands in by itself</translation>
    </message>
    <message>
        <source>✚ 已补时 %1</source>
        <translation>✚ Extra time given: %1</translation>
    </message>
    <message>
        <source>− 已撤销补时 %1</source>
        <translation>− Extra time taken back: %1</translation>
    </message>
    <message>
        <source>%1 分 %2 秒</source>
        <translation>%1 min %2 s</translation>
    </message>
    <message>
        <source>%1 分钟</source>
        <translation>%1 min</translation>
    </message>
</context>
<context>
    <name>RulesPage</name>
    <message>
        <source>请阅读考试规则</source>
        <translation>Please read the rules</translation>
    </message>
    <message>
        <source>我已阅读(&amp;R)</source>
        <translation>I have read them (&amp;R)</translation>
    </message>
    <message>
        <source>考试规则，可用方向键滚动</source>
        <translation>Rules; scroll with the arrow keys</translation>
    </message>
    <message>
        <source>阅读后请按“我已阅读”。未按此按钮不能开始作答。</source>
        <translation>After reading, press &quot;I have read them&quot;. Without it you cannot start.</translation>
    </message>
    <message>
        <source>距开考 %1。阅读后请按“我已阅读”；未按此按钮不能开始作答。</source>
        <translation>%1 to the start. After reading, press &quot;I have read them&quot;; without it you cannot start.</translation>
    </message>
    <message>
        <source>⚠ 考试已经开始，计时正在进行！请立即按“我已阅读”，进入作答。</source>
        <translation>⚠ The examination has started and the clock is running! Press &quot;I have read them&quot; now.</translation>
    </message>
</context>
<context>
    <name>RulesText</name>
    <message>
        <source>考场规则</source>
        <translation>Rules of the examination room</translation>
    </message>
    <message>
        <source>凭有效身份证件和准考证入场，在指定机位就座，将证件放在桌面上备查。</source>
        <translation>Enter with a valid identity document and your admission ticket, sit at your assigned seat, and keep both on the desk.</translation>
    </message>
    <message>
        <source>开考5分钟后一律禁止入场；语音类、视频类考试开始后一律禁止入场。</source>
        <translation>Nobody enters later than 5 minutes after the start; for audio and video examinations nobody enters after the start.</translation>
    </message>
    <message>
        <source>考场封闭期间不得交卷、离场。可以交卷后，须交卷成功并经监考人员同意，方可离场。</source>
        <translation>While the room is closed you may neither hand in nor leave. Afterwards you may leave once your work is handed in and an invigilator consents.</translation>
    </message>
    <message>
        <source>不得携带手机等通讯工具、电子产品和与考试有关的资料至座位；已带入的按监考人员要求存放。</source>
        <translation>No phones, communication or electronic devices, or materials about the examination at the seat; store them as the invigilators say.</translation>
    </message>
    <message>
        <source>考试开始前不得作答，考试结束后不得继续作答。剩余时间为0时系统自动交卷，无需确认。</source>
        <translation>No answering before the start or after the end. When the time left is 0 your work is handed in without asking.</translation>
    </message>
    <message>
        <source>保持安静，有事请举手，不得询问涉及试题内容的问题。</source>
        <translation>Be quiet. Raise your hand if you need something. Do not ask about the content of questions.</translation>
    </message>
    <message>
        <source>不得关机、重新启动、移动或插拔设备；设备有故障请举手，等候处理。</source>
        <translation>Do not switch off, restart, move or unplug anything. If the station fails, raise your hand and wait.</translation>
    </message>
    <message>
        <source>不得抄录、传播试题内容；草稿纸不得带出考场。</source>
        <translation>Do not copy or pass on questions. Scratch paper stays in the room.</translation>
    </message>
    <message>
        <source>操作指南</source>
        <translation>How to use this station</translation>
    </message>
    <message>
        <source>左侧题号栏：未填色为未作答，蓝底带“✓”为已作答，橙底粗框为当前题，右上角三角为已标记。</source>
        <translation>Question numbers on the left: not filled is not answered, blue with &quot;✓&quot; is answered, orange with a thick frame is the current one, a triangle in the corner is flagged.</translation>
    </message>
    <message>
        <source>点击题号或按“上一题”“下一题”切换试题；不确定的题可按“标记”，便于复查。</source>
        <translation>Press a number, &quot;Previous&quot; or &quot;Next&quot; to move. &quot;Flag&quot; marks a question that you want to see again.</translation>
    </message>
    <message>
        <source>作答自动保存。屏幕下方写明答案已到何处：“已保存到本机”或“已同步”。</source>
        <translation>Answers are saved by themselves. The line at the bottom says where they are: saved on this station, or synchronised.</translation>
    </message>
    <message>
        <source>网络中断时可以照常作答，答案保存在本机，恢复后自动同步。</source>
        <translation>If the network is down, keep answering: answers are saved on this station and sent when it returns.</translation>
    </message>
    <message>
        <source>剩余时间以屏幕显示为准，可以隐藏；最后5分钟始终显示。字号和配色可在屏幕右上角调整。</source>
        <translation>The time left on the screen is the one that counts. You may hide it except in the last 5 minutes. Text size and colours are at the top right.</translation>
    </message>
    <message>
        <source>可只用键盘操作：按住 Alt 再按按钮上带下划线的字母；Tab 键移动，空格键选择。</source>
        <translation>Everything works by keyboard: Alt with the underlined letter of a button, Tab to move, Space to choose.</translation>
    </message>
    <message>
        <source>交卷前系统提示未作答和已标记的题数；确认交卷后不能再作答。</source>
        <translation>Before handing in you see how many questions are unanswered and flagged. After handing in you cannot answer any more.</translation>
    </message>
    <message>
        <source>违纪处理</source>
        <translation>Breaches of the rules</translation>
    </message>
    <message>
        <source>违纪违规行为按照《专业技术人员资格考试违纪违规行为处理规定》（人力资源社会保障部令第31号）处理。</source>
        <translation>Breaches are dealt with under Order No. 31 of the Ministry of Human Resources and Social Security.</translation>
    </message>
    <message>
        <source>违纪的，当次该科目成绩无效。</source>
        <translation>General breach: the result of this subject is void.</translation>
    </message>
    <message>
        <source>抄袭、协助他人抄袭，使用禁止带入考场的通讯工具、规定以外的电子用品等严重违纪的，当次全部科目成绩无效，并记入专业技术人员资格考试诚信档案库，记录期限为五年。</source>
        <translation>Serious breach (copying or helping to copy, using banned phones or electronics …): the results of all subjects are void and it stays in the integrity record for five years.</translation>
    </message>
    <message>
        <source>串通作弊或者参与有组织作弊，代替他人或者让他人代替自己参加考试等特别严重的，当次全部科目成绩无效，并记入专业技术人员资格考试诚信档案库，长期记录。</source>
        <translation>Very serious breach (collusion or organised cheating, sitting for another or letting another sit …): the results of all subjects are void and it stays in the integrity record for the long term.</translation>
    </message>
</context>
<context>
    <name>SaveBadge</name>
    <message>
        <source>… 正在保存</source>
        <translation>… Saving</translation>
    </message>
    <message>
        <source>○ 尚无作答</source>
        <translation>○ No answers yet</translation>
    </message>
    <message>
        <source>✓ 已同步（已存入服务器）</source>
        <translation>✓ Synchronised (stored at the server)</translation>
    </message>
    <message>
        <source>■ 已保存到本机，%1 条待同步</source>
        <translation>■ Saved on this station, %1 to be sent</translation>
    </message>
    <message>
        <source>✕ 未保存！本机磁盘故障，请立即举手</source>
        <translation>✕ NOT saved! Disk failure: raise your hand now</translation>
    </message>
    <message>
        <source>■ 已保存到本机，服务器存储故障</source>
        <translation>■ Saved on this machine; the server&apos;s disks fail</translation>
    </message>
    <message>
        <source>✓ 已同步（已在考点两处保存）</source>
        <translation>✓ Synced (two copies at the venue)</translation>
    </message>
    <message>
        <source>✓ 已同步（已存入备份介质）</source>
        <translation>✓ Synced (on a backup medium)</translation>
    </message>
    <message>
        <source>✓ 已上报</source>
        <translation>✓ Delivered to headquarters</translation>
    </message>
</context>
<context>
    <name>StartCodePage</name>
    <message>
        <source>请输入考场启动码</source>
        <translation>Type the room start code</translation>
    </message>
    <message>
        <source>考场启动码（6 位数字）(&amp;C)</source>
        <translation>Room start &amp;code (6 digits)</translation>
    </message>
    <message>
        <source>考场启动码</source>
        <translation>Room start code</translation>
    </message>
    <message>
        <source>启动码由监考人员当场公布。没有听清请举手。</source>
        <translation>The invigilators give the code in the room. Raise your hand if you did not hear it.</translation>
    </message>
    <message>
        <source>打开试卷(&amp;O)</source>
        <translation>&amp;Open the paper</translation>
    </message>
    <message>
        <source>考场 %1 · 机位 %2</source>
        <translation>Room %1 · Seat %2</translation>
    </message>
    <message>
        <source>%1 开考，届时打开试卷。考试时间自开考时刻起计算，与何时输入启动码无关。</source>
        <translation>The examination starts at %1 and the paper opens then. Time runs from the start, whenever you type the code.</translation>
    </message>
    <message>
        <source>考试已开始，剩余时间 %1。考试时间自开考时刻起计算，与何时输入启动码无关。</source>
        <translation>The examination has begun; %1 left. Time runs from the start, whenever you type the code.</translation>
    </message>
</context>
<context>
    <name>StationWindow</name>
    <message>
        <source>试考 REHEARSAL&#x3000;·&#x3000;不是正式考试，作答不计成绩</source>
        <translation>试考 REHEARSAL   ·   not a real examination, nothing counts</translation>
    </message>
    <message>
        <source>练习 PRACTICE&#x3000;·&#x3000;不是正式考试，作答不计成绩</source>
        <translation>练习 PRACTICE   ·   not a real examination, nothing counts</translation>
    </message>
</context>
<context>
    <name>SubmitFailedPage</name>
    <message>
        <source>✕ 交卷失败</source>
        <translation>✕ Hand-in failed</translation>
    </message>
    <message>
        <source>交卷尚未完成。请举手报告监考人员，不要离开座位，不要关机。</source>
        <translation>Your work is not handed in yet. Raise your hand, stay at your seat, do not switch anything off.</translation>
    </message>
    <message>
        <source>系统正在自动重试，成功后显示交卷回执。</source>
        <translation>The station keeps trying by itself; the receipt is shown when it succeeds.</translation>
    </message>
    <message>
        <source>✓ 全部作答已保存在本机，待同步 %1 条。</source>
        <translation>✓ All answers are saved on this station; records to be sent: %1.</translation>
    </message>
    <message>
        <source>✓ 全部作答已保存在本机和服务器，只差交卷确认。</source>
        <translation>✓ All answers are saved on this station and at the server; only the confirmation is missing.</translation>
    </message>
</context>
<context>
    <name>SubmittingPage</name>
    <message>
        <source>正在交卷…</source>
        <translation>Handing in…</translation>
    </message>
    <message>
        <source>⚠ 网络中断，恢复后自动完成交卷；尚有 %1 条记录待同步。</source>
        <translation>⚠ Network down: handing in completes by itself when it returns. Records to be sent: %1.</translation>
    </message>
    <message>
        <source>作答已结束，答案已保存在本机，正在等待服务器确认。请勿离开座位，请勿关机。</source>
        <translation>Answering is over; your answers are saved on this station. Waiting for the server to confirm. Stay at your seat; do not switch off.</translation>
    </message>
</context>
<context>
    <name>SuspendedPage</name>
    <message>
        <source>‖ 考试暂停</source>
        <translation>‖ Examination paused</translation>
    </message>
    <message>
        <source>已作答的内容不受影响，剩余时间不会减少。请在座位上听从监考人员安排。</source>
        <translation>Your answers are safe and no time is lost. Stay seated and follow the staff.</translation>
    </message>
    <message>
        <source>剩余时间 %1，已停止计时</source>
        <translation>%1 left, the clock is stopped</translation>
    </message>
    <message>
        <source>%1 恢复考试，届时自动回到原来的界面。</source>
        <translation>The examination goes on at %1; this screen returns by itself to where you were.</translation>
    </message>
    <message>
        <source>计时已停止。恢复时间由监考人员通知。</source>
        <translation>The clock is stopped. The staff will say when it goes on.</translation>
    </message>
    <message>
        <source>%1 · 机位 %2</source>
        <translation>%1 · seat %2</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>English</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>切换为英文 English</source>
        <translation>Switch to Chinese 中文</translation>
    </message>
    <message>
        <source>字号－</source>
        <translation>Text −</translation>
    </message>
    <message>
        <source>缩小字号</source>
        <translation>Smaller text</translation>
    </message>
    <message>
        <source>字号＋</source>
        <translation>Text +</translation>
    </message>
    <message>
        <source>放大字号</source>
        <translation>Larger text</translation>
    </message>
    <message>
        <source>配色：标准</source>
        <translation>Colours: normal</translation>
    </message>
    <message>
        <source>配色：深色高对比</source>
        <translation>Colours: dark</translation>
    </message>
    <message>
        <source>配色：柔和</source>
        <translation>Colours: soft</translation>
    </message>
</context>
<context>
    <name>WaitingPage</name>
    <message>
        <source>等待登录</source>
        <translation>Waiting for log-in</translation>
    </message>
    <message>
        <source>监考人员发布登录命令后，将自动进入登录界面。</source>
        <translation>The log-in page opens when the invigilator allows it.</translation>
    </message>
    <message>
        <source>机位</source>
        <translation>Seat</translation>
    </message>
    <message>
        <source>输入测试(&amp;I)</source>
        <translation>&amp;Input test</translation>
    </message>
    <message>
        <source>输入测试</source>
        <translation>Input test</translation>
    </message>
    <message>
        <source>可在此试打汉字，检查键盘和输入法</source>
        <translation>Type here to try the keyboard and the input method</translation>
    </message>
    <message>
        <source>测试内容不会保存。键盘或输入法有问题请举手。</source>
        <translation>What you type here is not kept. If the keyboard does not work, raise your hand.</translation>
    </message>
    <message>
        <source>机位 %1</source>
        <translation>Seat %1</translation>
    </message>
    <message>
        <source>考场 %1</source>
        <translation>Room %1</translation>
    </message>
    <message>
        <source>正在校时…</source>
        <translation>setting the clock…</translation>
    </message>
    <message>
        <source>考试</source>
        <translation>Examination</translation>
    </message>
    <message>
        <source>本机暂无场次</source>
        <translation>no session for this station yet</translation>
    </message>
    <message>
        <source>科目</source>
        <translation>Subject</translation>
    </message>
    <message>
        <source>开考时间</source>
        <translation>Starts at</translation>
    </message>
    <message>
        <source>考试时长</source>
        <translation>Duration</translation>
    </message>
    <message>
        <source>试卷封装</source>
        <translation>Sealed paper</translation>
    </message>
    <message>
        <source>当前时间</source>
        <translation>Time now</translation>
    </message>
    <message>
        <source>%1 分钟</source>
        <translation>%1 minutes</translation>
    </message>
    <message>
        <source>尚未收到</source>
        <translation>not received yet</translation>
    </message>
    <message>
        <source>✓ 校验一致</source>
        <translation>✓ verified</translation>
    </message>
    <message>
        <source>⚠ 尚未校验</source>
        <translation>⚠ not verified yet</translation>
    </message>
    <message>
        <source>✕ %1：要求 %2，实测 %3</source>
        <translation>✕ %1: required %2, measured %3</translation>
    </message>
    <message>
        <source>⚠ 本机自检未通过，请系统管理员处理：</source>
        <translation>⚠ The self-check of this station failed; system administrator, please see to it:</translation>
    </message>
    <message>
        <source>重新自检(&amp;C)</source>
        <translation>&amp;Check again</translation>
    </message>
</context>
<context>
    <name>_Numbers</name>
    <message>
        <source>返回第%1题</source>
        <translation>Back to question %1</translation>
    </message>
</context>
</TS>
