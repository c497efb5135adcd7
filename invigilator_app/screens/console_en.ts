<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="zh_CN">
<context>
    <name>AdminPage</name>
    <message>
        <source>状态与台账</source>
        <translation>Status and ledger</translation>
    </message>
    <message>
        <source>接收试卷包</source>
        <translation>Receive package</translation>
    </message>
    <message>
        <source>机器登记</source>
        <translation>Enrol machines</translation>
    </message>
    <message>
        <source>封场检测</source>
        <translation>Inspection</translation>
    </message>
    <message>
        <source>人员与抽签</source>
        <translation>People and draw</translation>
    </message>
    <message>
        <source>换机与分支</source>
        <translation>Swaps, branches</translation>
    </message>
    <message>
        <source>收尾检查</source>
        <translation>Close check</translation>
    </message>
    <message>
        <source>离线移交</source>
        <translation>Offline hand-over</translation>
    </message>
    <message>
        <source>统计与打印</source>
        <translation>Counts and prints</translation>
    </message>
    <message>
        <source>运行</source>
        <translation>Running</translation>
    </message>
    <message>
        <source>考前准备</source>
        <translation>Before the exam</translation>
    </message>
    <message>
        <source>人员</source>
        <translation>People</translation>
    </message>
    <message>
        <source>考后收尾</source>
        <translation>After the exam</translation>
    </message>
    <message>
        <source>作答去向</source>
        <translation>Answers</translation>
    </message>
    <message>
        <source>值班</source>
        <translation>Duty</translation>
    </message>
    <message>
        <source>保管与销毁</source>
        <translation>Keeping and destruction</translation>
    </message>
</context>
<context>
    <name>AdmissionDialog</name>
    <message>
        <source>入场登记</source>
        <translation>Admission</translation>
    </message>
    <message>
        <source>已查验身份证件：本人、有效、与名单一致</source>
        <translation>Identity document checked: the person, valid, as on the list</translation>
    </message>
    <message>
        <source>已查验准考证：本场次、本考场</source>
        <translation>Ticket checked: this session, this room</translation>
    </message>
    <message>
        <source>登记入场</source>
        <translation>Admit</translation>
    </message>
    <message>
        <source>关闭</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>准予入场</source>
        <translation>Admitted</translation>
    </message>
    <message>
        <source>禁止入场时间 %1。任何人无权放行。</source>
        <translation>Admission closed at %1. Nobody may override this.</translation>
    </message>
    <message>
        <source>机位 %1&#x3000;%2</source>
        <translation>Seat %1&#x3000;%2</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>还缺：%1</source>
        <translation>Still missing: %1</translation>
    </message>
    <message>
        <source>准考证号</source>
        <translation>Ticket no.</translation>
    </message>
    <message>
        <source>证件类型</source>
        <translation>ID document</translation>
    </message>
    <message>
        <source>证件号码</source>
        <translation>ID number</translation>
    </message>
    <message>
        <source>入场登记 · %1</source>
        <translation>Admission · %1</translation>
    </message>
    <message>
        <source>身份证件和准考证须同时查验，两证缺一不可。</source>
        <translation>Identity document and admission ticket must both be checked.</translation>
    </message>
    <message>
        <source>已检查携带物品，无禁止带入的物品</source>
        <translation>Belongings checked, nothing forbidden</translation>
    </message>
    <message>
        <source>两人决定先行入场…</source>
        <translation>Two decide to admit…</translation>
    </message>
    <message>
        <source>迟到告知单另存为 PDF…</source>
        <translation>Late notice as PDF…</translation>
    </message>
    <message>
        <source>准考证号 %1 身份存疑。两名监考人员共同决定让其先行入场；主考即时知悉，之后须由两人核验并签名。</source>
        <translation>Ticket %1: the identity is in doubt. Two invigilators decide together to admit provisionally; the chief is told at once, and two must compare again and sign.</translation>
    </message>
    <message>
        <source>存疑情况</source>
        <translation>What is in doubt</translation>
    </message>
    <message>
        <source>迟到告知单</source>
        <translation>Late notice</translation>
    </message>
    <message>
        <source>另存为 PDF</source>
        <translation>Save as PDF</translation>
    </message>
    <message>
        <source>姓名核对</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>本人核对</source>
        <translation>Person</translation>
    </message>
</context>
<context>
    <name>AnswersTab</name>
    <message>
        <source>刷新</source>
        <translation>Refresh</translation>
    </message>
    <message>
        <source>项目</source>
        <translation>Item</translation>
    </message>
    <message>
        <source>值</source>
        <translation>Value</translation>
    </message>
    <message>
        <source>结论</source>
        <translation>Verdict</translation>
    </message>
    <message>
        <source>作答去向合计</source>
        <translation>Where answers are, sums</translation>
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
        <source>准考证号</source>
        <translation>Ticket no.</translation>
    </message>
    <message>
        <source>全部已到</source>
        <translation>All have come to</translation>
    </message>
    <message>
        <source>考试机</source>
        <translation>Station</translation>
    </message>
    <message>
        <source>服务器</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>第二份</source>
        <translation>2nd copy</translation>
    </message>
    <message>
        <source>备份</source>
        <translation>Backup</translation>
    </message>
    <message>
        <source>上报</source>
        <translation>Headquarters</translation>
    </message>
    <message>
        <source>风险</source>
        <translation>Risk</translation>
    </message>
    <message>
        <source>逐人作答去向</source>
        <translation>Where answers are, one by one</translation>
    </message>
    <message>
        <source>服务器的答复无法识别</source>
        <translation>The server&apos;s answer is not understood</translation>
    </message>
    <message>
        <source>场次 %1：%2 人的作答有风险</source>
        <translation>Session %1: answers of %2 people are at risk</translation>
    </message>
    <message>
        <source>场次 %1：没有一处故障就会丢失的作答</source>
        <translation>Session %1: no answers that one fault could lose</translation>
    </message>
    <message>
        <source>%1 条只在考试机上</source>
        <translation>%1 only at the station</translation>
    </message>
    <message>
        <source>考试机失联</source>
        <translation>station silent</translation>
    </message>
    <message>
        <source>%1 条只存一处</source>
        <translation>%1 in one copy only</translation>
    </message>
    <message>
        <source>；</source>
        <translation>; </translation>
    </message>
    <message>
        <source>（自 %1）</source>
        <translation> (since %1)</translation>
    </message>
    <message>
        <source>尚无作答</source>
        <translation>No answers yet</translation>
    </message>
    <message>
        <source>两处保存</source>
        <translation>Two copies</translation>
    </message>
    <message>
        <source>备份介质</source>
        <translation>Backup medium</translation>
    </message>
    <message>
        <source>已上报</source>
        <translation>Headquarters</translation>
    </message>
    <message>
        <source>△ 作答在考试机上：勿关该机，查网线和交换机；不能恢复，在“换机与分支”导入单机数据。</source>
        <translation>△ At a station: keep it on; check cable and switch. If it stays away, import under &quot;Swaps, branches&quot;.</translation>
    </message>
    <message>
        <source>✕ 考点只存一处：查第二块盘和备份介质（“状态与台账”），恢复后自动补齐。</source>
        <translation>✕ One copy only: check second disk and backup media (&quot;Status and ledger&quot;); it is copied by itself.</translation>
    </message>
</context>
<context>
    <name>ApprovalDialog</name>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>批准机关（必填）</source>
        <translation>Authority that consented (required)</translation>
    </message>
    <message>
        <source>批准文号（必填）</source>
        <translation>Number of the consent (required)</translation>
    </message>
    <message>
        <source>批准人（必填）</source>
        <translation>Person who consented (required)</translation>
    </message>
    <message>
        <source>批准时间</source>
        <translation>Time of the consent</translation>
    </message>
</context>
<context>
    <name>AttentionList</name>
    <message>
        <source>需要关注</source>
        <translation>Needs attention</translation>
    </message>
    <message>
        <source>需要关注（%1）</source>
        <translation>Needs attention (%1)</translation>
    </message>
    <message>
        <source>✓ 目前没有需要处理的事项</source>
        <translation>✓ nothing to attend to</translation>
    </message>
</context>
<context>
    <name>BundleRow</name>
    <message>
        <source>场次 %1</source>
        <translation>Session %1</translation>
    </message>
    <message>
        <source>：</source>
        <translation>: </translation>
    </message>
</context>
<context>
    <name>CandidateCardView</name>
    <message>
        <source>机位 %1&#x3000;准考证号 %2</source>
        <translation>Seat %1, ticket %2</translation>
    </message>
    <message>
        <source>已入场</source>
        <translation>Admitted</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>存疑：%1</source>
        <translation>In doubt: %1</translation>
    </message>
    <message>
        <source>生僻字：证件姓名 %1（%2）。仅此不同的，不作存疑。</source>
        <translation>Rare character: name on the document %1 (%2). If only this differs it is no doubt.</translation>
    </message>
    <message>
        <source>（无照片）</source>
        <translation>(no photo)</translation>
    </message>
</context>
<context>
    <name>CeremonyPage</name>
    <message>
        <source>明知上列△项未就绪，仍启用释放</source>
        <translation>I know that the △ items above are not ready and arm the release all the same</translation>
    </message>
    <message>
        <source>启用释放（主考 + 系统管理员）</source>
        <translation>Arm release (chief + system administrator)</translation>
    </message>
    <message>
        <source>使用离线密码…</source>
        <translation>Use the offline code…</translation>
    </message>
    <message>
        <source>△ 开考条件未满足，不能启用释放</source>
        <translation>△ Start conditions are not met; release cannot be armed</translation>
    </message>
    <message>
        <source>启用本场试卷的定时释放。释放点 %1 到达后，试卷在所有考试机上同时打开。</source>
        <translation>Arm the timed release of this session&apos;s paper. At the release point %1 it opens on all stations together.</translation>
    </message>
    <message>
        <source>已启用释放</source>
        <translation>Release armed</translation>
    </message>
    <message>
        <source>释放点 %1</source>
        <translation>Release point %1</translation>
    </message>
</context>
<context>
    <name>ChainCard</name>
    <message>
        <source>作答数据现在在哪里</source>
        <translation>Where the answers are now</translation>
    </message>
    <message>
        <source>回收</source>
        <translation>Collect</translation>
    </message>
    <message>
        <source>备份</source>
        <translation>Back up</translation>
    </message>
    <message>
        <source>密封</source>
        <translation>Seal</translation>
    </message>
    <message>
        <source>上报</source>
        <translation>Upload</translation>
    </message>
    <message>
        <source>清除</source>
        <translation>Wipe</translation>
    </message>
    <message>
        <source>✓ 完成</source>
        <translation>✓ done</translation>
    </message>
    <message>
        <source>● 进行中</source>
        <translation>● in progress</translation>
    </message>
    <message>
        <source>● 下一步</source>
        <translation>● next</translation>
    </message>
    <message>
        <source>○ 未到</source>
        <translation>○ to come</translation>
    </message>
    <message>
        <source>尚未开始</source>
        <translation>not started</translation>
    </message>
    <message>
        <source>数据状态：%1</source>
        <translation>Data state: %1</translation>
    </message>
</context>
<context>
    <name>ChecksCard</name>
    <message>
        <source>开考条件</source>
        <translation>Start conditions</translation>
    </message>
    <message>
        <source>（释放点由总部发布）</source>
        <translation> (published by headquarters at the release point)</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source> 等 %1 个</source>
        <translation> and more (%1)</translation>
    </message>
    <message>
        <source>：</source>
        <translation>: </translation>
    </message>
</context>
<context>
    <name>CloseTab</name>
    <message>
        <source>重新检查</source>
        <translation>Check again</translation>
    </message>
    <message>
        <source>场次</source>
        <translation>Session</translation>
    </message>
    <message>
        <source>检查项</source>
        <translation>Point</translation>
    </message>
    <message>
        <source>结论</source>
        <translation>Verdict</translation>
    </message>
    <message>
        <source>须办理</source>
        <translation>To be done</translation>
    </message>
    <message>
        <source>服务器的答复无法识别</source>
        <translation>The server&apos;s answer cannot be read</translation>
    </message>
    <message>
        <source>还没有结束的场次，没有可检查的事项</source>
        <translation>No session has ended yet: there is nothing to check</translation>
    </message>
    <message>
        <source>全部办结</source>
        <translation>Everything is closed</translation>
    </message>
    <message>
        <source>还有未办结的事项</source>
        <translation>Something is still open</translation>
    </message>
    <message>
        <source>✕ 未办结</source>
        <translation>✕ open</translation>
    </message>
    <message>
        <source>✓ 已办结</source>
        <translation>✓ closed</translation>
    </message>
    <message>
        <source>说明</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>· 供查阅</source>
        <translation>· for information</translation>
    </message>
</context>
<context>
    <name>ClosingPage</name>
    <message>
        <source>考场</source>
        <translation>Room</translation>
    </message>
    <message>
        <source>机位</source>
        <translation>Seat</translation>
    </message>
    <message>
        <source>姓名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>准考证号</source>
        <translation>Ticket no.</translation>
    </message>
    <message>
        <source>状态</source>
        <translation>State</translation>
    </message>
    <message>
        <source>未同步</source>
        <translation>Unsynced</translation>
    </message>
    <message>
        <source>结果</source>
        <translation>Outcome</translation>
    </message>
    <message>
        <source>作答数据</source>
        <translation>Answers</translation>
    </message>
    <message>
        <source>问题</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>核对结果</source>
        <translation>Result</translation>
    </message>
    <message>
        <source>核对作答数据</source>
        <translation>Reconcile answers</translation>
    </message>
    <message>
        <source>强制交卷（两人）…</source>
        <translation>Force hand-in (two people)…</translation>
    </message>
    <message>
        <source>只用于考试机无法恢复时</source>
        <translation>Only for a station that does not come back</translation>
    </message>
    <message>
        <source>未交卷</source>
        <translation>Not handed in</translation>
    </message>
    <message>
        <source>已交卷</source>
        <translation>Handed in</translation>
    </message>
    <message>
        <source>缺考</source>
        <translation>Absent</translation>
    </message>
    <message>
        <source>%1 条</source>
        <translation>%1</translation>
    </message>
    <message>
        <source>请先在“未交卷”中选中一人</source>
        <translation>Select a person under “Not handed in” first</translation>
    </message>
    <message>
        <source>强制交卷：机位 %1&#x3000;%2。以服务器已收到的作答为准，考试机上其余作答另行回收。</source>
        <translation>Force hand-in: seat %1&#x3000;%2. What the server holds is handed in; the rest on the station is collected separately.</translation>
    </message>
    <message>
        <source>已强制交卷</source>
        <translation>Hand-in forced</translation>
    </message>
    <message>
        <source>服务器的答复无法识别</source>
        <translation>The server&apos;s answer is not understood</translation>
    </message>
    <message>
        <source>✓ 有</source>
        <translation>✓ yes</translation>
    </message>
    <message>
        <source>— 无</source>
        <translation>— none</translation>
    </message>
    <message>
        <source>应考 %1 = 实考 %2 + 缺考 %3</source>
        <translation>Scheduled %1 = present %2 + absent %3</translation>
    </message>
    <message>
        <source>核对一致</source>
        <translation>Reconciled</translation>
    </message>
    <message>
        <source>核对不一致，请处理有问题的各行后再核对</source>
        <translation>Not reconciled: see to the marked lines and try again</translation>
    </message>
</context>
<context>
    <name>CodePage</name>
    <message>
        <source>① 第一保管人输入</source>
        <translation>① First custodian enters</translation>
    </message>
    <message>
        <source>② 第二保管人登录</source>
        <translation>② Second custodian signs in</translation>
    </message>
    <message>
        <source>③ 第二保管人输入</source>
        <translation>③ Second custodian enters</translation>
    </message>
    <message>
        <source>④ 完成</source>
        <translation>④ Done</translation>
    </message>
    <message>
        <source>按密码单逐词输入，词间用空格</source>
        <translation>Enter the words of your sheet, separated by spaces</translation>
    </message>
    <message>
        <source>外网中断，经主考同意使用离线密码；此操作将作为异常情况记录并上报</source>
        <translation>The WAN is down and the chief agrees to the offline code; this is recorded and reported as an incident</translation>
    </message>
    <message>
        <source>提交本人密码</source>
        <translation>Submit my share</translation>
    </message>
    <message>
        <source>第二保管人登录</source>
        <translation>Second custodian signs in</translation>
    </message>
    <message>
        <source>返回</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>已输入 %1 词（应为 %2 或 %3 词）</source>
        <translation>%1 words entered (%2 or %3 expected)</translation>
    </message>
    <message>
        <source>本份密码已收下</source>
        <translation>Share accepted</translation>
    </message>
    <message>
        <source>请另一名保管人登录后输入。</source>
        <translation>Another custodian signs in and enters theirs.</translation>
    </message>
    <message>
        <source>两份密码已收下，试卷按释放点打开</source>
        <translation>Both shares accepted; the paper opens at the release point</translation>
    </message>
    <message>
        <source>请第二保管人用本人账号登录</source>
        <translation>Second custodian: sign in with your own account</translation>
    </message>
    <message>
        <source>两名保管人均已输入</source>
        <translation>Both custodians have entered theirs</translation>
    </message>
    <message>
        <source>请 %1 本人输入密码单上的词</source>
        <translation>%1: enter the words of your own sheet</translation>
    </message>
    <message>
        <source>离线密码：两名保管人先后输入</source>
        <translation>Offline code: two custodians, one after the other</translation>
    </message>
    <message>
        <source>卷别 %1 的密码已收齐</source>
        <translation>The code of form %1 is complete</translation>
    </message>
    <message>
        <source>请继续输入下一卷别的密码，仍由两名保管人先后输入。</source>
        <translation>Go on with the next form&apos;s code; again two custodians, one after the other.</translation>
    </message>
</context>
<context>
    <name>ConfirmDialog</name>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
</context>
<context>
    <name>ConsoleWindow</name>
    <message>
        <source>考点监考台</source>
        <translation>Invigilator console</translation>
    </message>
</context>
<context>
    <name>CopiesChip</name>
    <message>
        <source>只存一处 %1 条（自 %2）</source>
        <translation>one copy: %1 (%2)</translation>
    </message>
</context>
<context>
    <name>CorrectionsTab</name>
    <message>
        <source>编号</source>
        <translation>No.</translation>
    </message>
    <message>
        <source>准考证号</source>
        <translation>Ticket no.</translation>
    </message>
    <message>
        <source>更正项目</source>
        <translation>Field</translation>
    </message>
    <message>
        <source>申请更正为</source>
        <translation>Should read</translation>
    </message>
    <message>
        <source>事由</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>时间</source>
        <translation>Time</translation>
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
        <source>提交更正申请</source>
        <translation>File the request</translation>
    </message>
    <message>
        <source>姓名和身份证件号码不得同时更正。本考点只受理申请，不修改任何报名信息。</source>
        <translation>Name and identity number may never both be corrected. The venue only files the request and changes nothing.</translation>
    </message>
    <message>
        <source>已提交，报总部处理</source>
        <translation>Filed, for headquarters to decide</translation>
    </message>
</context>
<context>
    <name>CountsCard</name>
    <message>
        <source>应考 = 实考 + 缺考</source>
        <translation>Scheduled = present + absent</translation>
    </message>
    <message>
        <source>应考</source>
        <translation>Scheduled</translation>
    </message>
    <message>
        <source>实考</source>
        <translation>Present</translation>
    </message>
    <message>
        <source>缺考</source>
        <translation>Absent</translation>
    </message>
    <message>
        <source>已交卷</source>
        <translation>Handed in</translation>
    </message>
    <message>
        <source>未交卷</source>
        <translation>Not handed in</translation>
    </message>
    <message>
        <source>未同步作答</source>
        <translation>Unsynced answers</translation>
    </message>
    <message>
        <source>… 考试尚未结束，人数还会变化</source>
        <translation>… the session is not over; counts will still change</translation>
    </message>
    <message>
        <source>✓ 人数一致</source>
        <translation>✓ counts agree</translation>
    </message>
</context>
<context>
    <name>CreditDialog</name>
    <message>
        <source>补时与特殊处理</source>
        <translation>Time and exceptions</translation>
    </message>
    <message>
        <source>原因</source>
        <translation>Cause</translation>
    </message>
    <message>
        <source>开始</source>
        <translation>From</translation>
    </message>
    <message>
        <source>结束</source>
        <translation>Until</translation>
    </message>
    <message>
        <source>损失</source>
        <translation>Lost</translation>
    </message>
    <message>
        <source>编号</source>
        <translation>No.</translation>
    </message>
    <message>
        <source>机位</source>
        <translation>Seat</translation>
    </message>
    <message>
        <source>分钟</source>
        <translation>Minutes</translation>
    </message>
    <message>
        <source>测得</source>
        <translation>Measured</translation>
    </message>
    <message>
        <source>结果</source>
        <translation>Decision</translation>
    </message>
    <message>
        <source>事由</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>提出补时(&amp;P)</source>
        <translation>&amp;Propose time</translation>
    </message>
    <message>
        <source>批准(&amp;Y)</source>
        <translation>Approve (&amp;Y)</translation>
    </message>
    <message>
        <source>不批准(&amp;N)</source>
        <translation>Reject (&amp;N)</translation>
    </message>
    <message>
        <source>暂离(&amp;B)</source>
        <translation>&amp;Break</translation>
    </message>
    <message>
        <source>恢复作答(&amp;R)</source>
        <translation>&amp;Reopen</translation>
    </message>
    <message>
        <source>特殊离场(&amp;E)</source>
        <translation>Special &amp;exit</translation>
    </message>
    <message>
        <source>关闭</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>机位 %1&#x3000;%2</source>
        <translation>Seat %1  %2</translation>
    </message>
    <message>
        <source>待批准补时</source>
        <translation>Time to be decided</translation>
    </message>
    <message>
        <source>返回(&amp;B)</source>
        <translation>&amp;Back</translation>
    </message>
    <message>
        <source>%1 分钟</source>
        <translation>%1 min</translation>
    </message>
    <message>
        <source>已提出补时，等待主考批准</source>
        <translation>Proposed; the chief decides</translation>
    </message>
    <message>
        <source>已批准补时</source>
        <translation>Time approved</translation>
    </message>
    <message>
        <source>未批准补时</source>
        <translation>Time not approved</translation>
    </message>
    <message>
        <source>已登记返回</source>
        <translation>Return recorded</translation>
    </message>
    <message>
        <source>已登记暂离，考试机已锁定</source>
        <translation>Break recorded; the station is locked</translation>
    </message>
    <message>
        <source>撤销误操作交卷，恢复作答；不补时。</source>
        <translation>Undo the mistaken hand-in and go on answering; no time is added.</translation>
    </message>
    <message>
        <source>已恢复作答</source>
        <translation>Reopened</translation>
    </message>
    <message>
        <source>考场封闭期间离场：作答按现状封存，不得再次进入。</source>
        <translation>Leaving a closed room: the answers are sealed as they are, and there is no way back in.</translation>
    </message>
    <message>
        <source>已登记特殊离场</source>
        <translation>Special exit recorded</translation>
    </message>
    <message>
        <source>类别</source>
        <translation>Kind</translation>
    </message>
    <message>
        <source>按测得时间</source>
        <translation>as measured</translation>
    </message>
    <message>
        <source>补时原因</source>
        <translation>Why</translation>
    </message>
    <message>
        <source>补时分钟数</source>
        <translation>Minutes</translation>
    </message>
    <message>
        <source>说明（超过测得时必填）</source>
        <translation>Note (for more than measured)</translation>
    </message>
    <message>
        <source>上级批复文号（超过上限时）</source>
        <translation>Headquarters&apos; reference (above the cap)</translation>
    </message>
    <message>
        <source>撤销补时(&amp;V)</source>
        <translation>Take back (&amp;V)</translation>
    </message>
    <message>
        <source>全部未用部分</source>
        <translation>all that is not used</translation>
    </message>
    <message>
        <source>撤销录入有误的补时</source>
        <translation>Take back time entered by mistake</translation>
    </message>
    <message>
        <source>只撤销批准时尚未用去的部分，已用时间不减；须由另一人（主考、副主考）批准。</source>
        <translation>Only what is not used at the approval is taken back, never time already used. Another person (chief or deputy) must approve.</translation>
    </message>
    <message>
        <source>至多撤销（分钟）</source>
        <translation>At most (minutes)</translation>
    </message>
    <message>
        <source>提出撤销</source>
        <translation>Propose</translation>
    </message>
    <message>
        <source>已提出撤销补时，等待主考批准</source>
        <translation>Proposed; the chief must approve</translation>
    </message>
    <message>
        <source>未批准撤销补时</source>
        <translation>Not approved: the time stays</translation>
    </message>
    <message>
        <source>已撤销补时未用部分</source>
        <translation>What was not used is taken back</translation>
    </message>
    <message>
        <source>考试机未连接：恢复连接时生效，此前的作答照常接收并标注。</source>
        <translation>The station is not connected: it takes effect when it is back; answers until then count and are marked.</translation>
    </message>
</context>
<context>
    <name>CreditTexts</name>
    <message>
        <source>考试机中断</source>
        <translation>Station down</translation>
    </message>
    <message>
        <source>网络中断（本机继续作答）</source>
        <translation>Line away (answering went on)</translation>
    </message>
    <message>
        <source>服务器中断（本机继续作答）</source>
        <translation>Server away (answering went on)</translation>
    </message>
    <message>
        <source>按原结束时间自动交卷</source>
        <translation>Handed in at the old end</translation>
    </message>
    <message>
        <source>误操作交卷</source>
        <translation>Mistaken hand-in</translation>
    </message>
    <message>
        <source>考试机故障</source>
        <translation>Station fault</translation>
    </message>
    <message>
        <source>断电</source>
        <translation>Power cut</translation>
    </message>
    <message>
        <source>网络故障</source>
        <translation>Network fault</translation>
    </message>
    <message>
        <source>服务器故障</source>
        <translation>Server fault</translation>
    </message>
    <message>
        <source>换机</source>
        <translation>Swap</translation>
    </message>
    <message>
        <source>考场干扰</source>
        <translation>Disturbance</translation>
    </message>
    <message>
        <source>其他</source>
        <translation>Other</translation>
    </message>
    <message>
        <source>突发疾病</source>
        <translation>Illness</translation>
    </message>
    <message>
        <source>疏散</source>
        <translation>Evacuation</translation>
    </message>
    <message>
        <source>违纪违规</source>
        <translation>Violation</translation>
    </message>
    <message>
        <source>△ 待批准</source>
        <translation>△ undecided</translation>
    </message>
    <message>
        <source>✓ 已批准</source>
        <translation>✓ approved</translation>
    </message>
    <message>
        <source>✕ 不批准</source>
        <translation>✕ rejected</translation>
    </message>
    <message>
        <source>✓ 已收回 %1</source>
        <translation>✓ taken back: %1</translation>
    </message>
    <message>
        <source>✓ 已批准，已撤销 %1</source>
        <translation>✓ approved, %1 taken back</translation>
    </message>
    <message>
        <source>撤销补时 %1：%2</source>
        <translation>takes back no. %1: %2</translation>
    </message>
    <message>
        <source>本人结束时间由 %1 改为 %2。</source>
        <translation>The candidate&apos;s own end moved from %1 to %2. </translation>
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
    <name>DataPage</name>
    <message>
        <source>密封（两人）</source>
        <translation>Seal (two people)</translation>
    </message>
    <message>
        <source>上报至指定服务器</source>
        <translation>Upload to the designated server</translation>
    </message>
    <message>
        <source>清除（两人）</source>
        <translation>Wipe (two people)</translation>
    </message>
    <message>
        <source>项目</source>
        <translation>Item</translation>
    </message>
    <message>
        <source>内容</source>
        <translation>Content</translation>
    </message>
    <message>
        <source>最近一次操作的凭证</source>
        <translation>Proof of the last order</translation>
    </message>
    <message>
        <source>✓ 可以执行</source>
        <translation>✓ can be done</translation>
    </message>
    <message>
        <source>密封包摘要（SHA-256）</source>
        <translation>Bundle digest (SHA-256)</translation>
    </message>
    <message>
        <source>已密封</source>
        <translation>Sealed</translation>
    </message>
    <message>
        <source>把密封包直接上报至指定服务器。中断后自动续传；取得回执前数据不会清除。</source>
        <translation>Upload the sealed bundle directly to the designated server. It resumes after a break; nothing is wiped before the receipt.</translation>
    </message>
    <message>
        <source>上报</source>
        <translation>Upload</translation>
    </message>
    <message>
        <source>开始上报</source>
        <translation>Start upload</translation>
    </message>
    <message>
        <source>已上报，回执核对一致</source>
        <translation>Uploaded; the receipt matches</translation>
    </message>
    <message>
        <source>已尝试 %1 次，%2 自动重试。%3</source>
        <translation>%1 attempts so far; next one by itself at %2. %3</translation>
    </message>
    <message>
        <source>尚未取得回执，服务器将自动续传</source>
        <translation>No receipt yet; the server goes on by itself</translation>
    </message>
    <message>
        <source>清除本考点保存的本场作答数据和密钥。此操作不能撤回；上报回执已取得。</source>
        <translation>Wipe this session&apos;s answers and keys from the venue. This cannot be undone; the upload receipt is here.</translation>
    </message>
    <message>
        <source>已清除</source>
        <translation>Wiped</translation>
    </message>
    <message>
        <source>操作</source>
        <translation>Orders</translation>
    </message>
    <message>
        <source>回收和备份由服务器在考试结束后自动完成；备份经回读校验后才能密封。</source>
        <translation>The server collects and backs up by itself after the end; sealing needs a backup that was read back and verified.</translation>
    </message>
    <message>
        <source>重新密封（两人）</source>
        <translation>Seal anew (two people)</translation>
    </message>
    <message>
        <source>密封后又发现作答数据时使用。原密封包保留不变；回收后重新备份、核对、签名，密封为新版本并再次上报。</source>
        <translation>For answers found after the sealing. The sealed bundle stays as it is; what was found is collected, backed up, reconciled and signed again, sealed as a new version and uploaded again.</translation>
    </message>
    <message>
        <source>事由（必填，将记入台账）</source>
        <translation>Reason (required, goes into the ledger)</translation>
    </message>
    <message>
        <source>将密封为版本</source>
        <translation>To be sealed as version</translation>
    </message>
    <message>
        <source>可以回收作答并重新密封</source>
        <translation>Answers can be collected and sealed again</translation>
    </message>
    <message>
        <source>密封并准予上报的人员现已不能核对，须由另一名人员签名。</source>
        <translation>Those who sealed and cleared this for upload may not check any more: another person must sign.</translation>
    </message>
    <message>
        <source>密封本场全部作答数据，并准予上报。密封前须核对一致，且各考场情况记录单签名齐全。</source>
        <translation>Seal all answers of this session and clear them for upload. They must be reconciled and every room record fully signed.</translation>
    </message>
    <message>
        <source>完整证书在“管理 → 考后收尾 → 保管与销毁”，请核查各考试机后打印。</source>
        <translation>The whole certificate is under &quot;Admin, After the exam, Keeping and destruction&quot;: check every station, then print it.</translation>
    </message>
    <message>
        <source>场次</source>
        <translation>Session</translation>
    </message>
    <message>
        <source>密封包编号</source>
        <translation>Bundle</translation>
    </message>
    <message>
        <source>作答份数</source>
        <translation>Sittings</translation>
    </message>
    <message>
        <source>回执摘要（SHA-256）</source>
        <translation>Receipt digest (SHA-256)</translation>
    </message>
    <message>
        <source>经办人</source>
        <translation>By</translation>
    </message>
    <message>
        <source>开始时间</source>
        <translation>Begun</translation>
    </message>
    <message>
        <source>完成时间</source>
        <translation>Finished</translation>
    </message>
</context>
<context>
    <name>DeadlineBox</name>
    <message>
        <source>剩 %1</source>
        <translation>in %1</translation>
    </message>
    <message>
        <source>✓ 已过</source>
        <translation>✓ passed</translation>
    </message>
</context>
<context>
    <name>DelegateFields</name>
    <message>
        <source> 分钟</source>
        <translation> min</translation>
    </message>
    <message>
        <source>移交，直至另行结束</source>
        <translation>handed over until it is ended</translation>
    </message>
    <message>
        <source>代行谁的职务</source>
        <translation>Whose post</translation>
    </message>
    <message>
        <source>时长</source>
        <translation>For how long</translation>
    </message>
    <message>
        <source>事由（必填，将记入台账）</source>
        <translation>Reason (required, recorded)</translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message>
        <source>程序内部错误，请重新启动监考台：</source>
        <translation>Internal error; restart the console: </translation>
    </message>
</context>
<context>
    <name>DoorDialog</name>
    <message>
        <source>考场登记</source>
        <translation>Room book</translation>
    </message>
    <message>
        <source>关闭</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>服务器的答复无法识别</source>
        <translation>The server&apos;s answer is not understood</translation>
    </message>
    <message>
        <source>另存为 PDF</source>
        <translation>Save as PDF</translation>
    </message>
    <message>
        <source>存疑</source>
        <translation>Doubts</translation>
    </message>
    <message>
        <source>暂扣物品</source>
        <translation>Kept items</translation>
    </message>
    <message>
        <source>其他人员</source>
        <translation>Visitors</translation>
    </message>
    <message>
        <source>更正申请</source>
        <translation>Corrections</translation>
    </message>
    <message>
        <source>考场登记 · %1</source>
        <translation>Room book · %1</translation>
    </message>
</context>
<context>
    <name>DoorTexts</name>
    <message>
        <source>姓名与证件一致</source>
        <translation>Name as on the document</translation>
    </message>
    <message>
        <source>仅生僻字不同，登记已注明</source>
        <translation>Only the noted rare character differs</translation>
    </message>
    <message>
        <source>△ 姓名不一致</source>
        <translation>△ Name differs</translation>
    </message>
    <message>
        <source>本人与照片一致</source>
        <translation>Person matches the photos</translation>
    </message>
    <message>
        <source>△ 是否本人存疑</source>
        <translation>△ In doubt whether it is them</translation>
    </message>
    <message>
        <source>号码</source>
        <translation>number</translation>
    </message>
    <message>
        <source>姓名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>本人与照片</source>
        <translation>person and photo</translation>
    </message>
    <message>
        <source>✓ 主考决定：%1</source>
        <translation>✓ Chief: %1</translation>
    </message>
    <message>
        <source>… 未准入场</source>
        <translation>… Not admitted</translation>
    </message>
    <message>
        <source>✓ 后经查验一致</source>
        <translation>✓ A later check fits</translation>
    </message>
    <message>
        <source>△ 已先行入场，待两人核验</source>
        <translation>△ Admitted, to be compared by two</translation>
    </message>
    <message>
        <source>✓ 两人核验一致</source>
        <translation>✓ Verified by two</translation>
    </message>
    <message>
        <source>✕ 未能核实，待主考决定</source>
        <translation>✕ Not verified, chief decides</translation>
    </message>
    <message>
        <source>✓ 主考已决定</source>
        <translation>✓ Decided by the chief</translation>
    </message>
    <message>
        <source>继续考试，报总部核查</source>
        <translation>goes on, headquarters verifies</translation>
    </message>
    <message>
        <source>按涉嫌替考处理</source>
        <translation>suspected impersonation</translation>
    </message>
    <message>
        <source>作弊设备</source>
        <translation>Cheating device</translation>
    </message>
    <message>
        <source>工具</source>
        <translation>Tool</translation>
    </message>
    <message>
        <source>资料</source>
        <translation>Material</translation>
    </message>
    <message>
        <source>其他物品</source>
        <translation>Other</translation>
    </message>
    <message>
        <source>△ 保管中</source>
        <translation>△ Kept</translation>
    </message>
    <message>
        <source>✓ 已移交 %1</source>
        <translation>✓ Handed to %1</translation>
    </message>
    <message>
        <source>✓ 已退还</source>
        <translation>✓ Given back</translation>
    </message>
    <message>
        <source>… 已批准，未进入</source>
        <translation>… Approved, not entered</translation>
    </message>
    <message>
        <source>✓ 已离开</source>
        <translation>✓ Left</translation>
    </message>
    <message>
        <source>△ 在考场内</source>
        <translation>△ In the room</translation>
    </message>
</context>
<context>
    <name>DoubtsTab</name>
    <message>
        <source>机位</source>
        <translation>Seat</translation>
    </message>
    <message>
        <source>准考证号</source>
        <translation>Ticket no.</translation>
    </message>
    <message>
        <source>姓名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>存疑</source>
        <translation>Doubts</translation>
    </message>
    <message>
        <source>时间</source>
        <translation>Time</translation>
    </message>
    <message>
        <source>状态</source>
        <translation>State</translation>
    </message>
    <message>
        <source>说明</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>两人核验：一致…</source>
        <translation>Two: verified…</translation>
    </message>
    <message>
        <source>两人核验：未能核实…</source>
        <translation>Two: not verified…</translation>
    </message>
    <message>
        <source>主考：继续考试…</source>
        <translation>Chief: goes on…</translation>
    </message>
    <message>
        <source>主考：按涉嫌替考…</source>
        <translation>Chief: impersonation…</translation>
    </message>
    <message>
        <source>名单另存为 PDF…</source>
        <translation>List as PDF…</translation>
    </message>
    <message>
        <source>存疑人员由两名监考人员决定先行入场，并再次核验、签名；未能核实的由主考决定。处理完毕前，本场作答数据不能密封。</source>
        <translation>Two invigilators admit somebody in doubt provisionally, compare again and sign; the chief decides what could not be verified. Until then the answers cannot be sealed.</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>核验一致</source>
        <translation>verified</translation>
    </message>
    <message>
        <source>未能核实，报主考决定</source>
        <translation>not verified, for the chief to decide</translation>
    </message>
    <message>
        <source>机位 %1&#x3000;%2：%3。</source>
        <translation>Seat %1, %2: %3.</translation>
    </message>
    <message>
        <source>已签名</source>
        <translation>Signed</translation>
    </message>
    <message>
        <source>核验情况</source>
        <translation>What was compared</translation>
    </message>
    <message>
        <source>主考决定</source>
        <translation>Chief decides</translation>
    </message>
    <message>
        <source>已记录主考决定</source>
        <translation>The decision is recorded</translation>
    </message>
</context>
<context>
    <name>DutyTab</name>
    <message>
        <source>刷新</source>
        <translation>Refresh</translation>
    </message>
    <message>
        <source>扫描证章，或输入证章号、账号</source>
        <translation>Scan a badge, or type its number or the account</translation>
    </message>
    <message>
        <source>证章号</source>
        <translation>Badge number</translation>
    </message>
    <message>
        <source>签到</source>
        <translation>Sign in</translation>
    </message>
    <message>
        <source>离开</source>
        <translation>Leaves</translation>
    </message>
    <message>
        <source>值班时段内放行（两人）</source>
        <translation>Override duty hours (two people)</translation>
    </message>
    <message>
        <source>姓名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>账号</source>
        <translation>Account</translation>
    </message>
    <message>
        <source>到场</source>
        <translation>Came</translation>
    </message>
    <message>
        <source>起</source>
        <translation>From</translation>
    </message>
    <message>
        <source>止</source>
        <translation>Until</translation>
    </message>
    <message>
        <source>地点</source>
        <translation>Place</translation>
    </message>
    <message>
        <source>电话</source>
        <translation>Telephone</translation>
    </message>
    <message>
        <source>值班班次</source>
        <translation>Shifts</translation>
    </message>
    <message>
        <source>登记班次</source>
        <translation>Enter shift</translation>
    </message>
    <message>
        <source>撤销的事由</source>
        <translation>Why it is withdrawn</translation>
    </message>
    <message>
        <source>撤销选中的班次</source>
        <translation>Withdraw the selected shift</translation>
    </message>
    <message>
        <source>服务器的答复无法识别</source>
        <translation>The server&apos;s answer cannot be read</translation>
    </message>
    <message>
        <source>没有值班时段</source>
        <translation>No duty hours</translation>
    </message>
    <message>
        <source>▶ 现在是值班时段，至%1：不更新、不恢复、不停机</source>
        <translation>▶ Duty hours now, until %1: no update, restore or stop</translation>
    </message>
    <message>
        <source>△ 已放行，至%1</source>
        <translation>△ Overridden until %1</translation>
    </message>
    <message>
        <source>无人值班：%1 — %2</source>
        <translation>Nobody on duty: %1 — %2</translation>
    </message>
    <message>
        <source>已签到</source>
        <translation>Signed in</translation>
    </message>
    <message>
        <source>已记离开</source>
        <translation>Leaving noted</translation>
    </message>
    <message>
        <source>30分钟内允许在值班时段内更新、恢复或停机。</source>
        <translation>For 30 minutes an update, a restore or a stop is allowed inside duty hours.</translation>
    </message>
    <message>
        <source>事由（必填，将记入台账）</source>
        <translation>Reason (required, goes into the ledger)</translation>
    </message>
    <message>
        <source>已放行30分钟</source>
        <translation>Overridden for 30 minutes</translation>
    </message>
    <message>
        <source>班次已登记</source>
        <translation>Shift entered</translation>
    </message>
    <message>
        <source>班次已撤销</source>
        <translation>Shift withdrawn</translation>
    </message>
    <message>
        <source>值班时段</source>
        <translation>Duty hours</translation>
    </message>
    <message>
        <source>人员</source>
        <translation>Person</translation>
    </message>
</context>
<context>
    <name>DutyView</name>
    <message>
        <source>✕ 与服务器的连接已断开。屏幕为 %1 的情况；考试机上的作答不受影响。正在重连…</source>
        <translation>✕ Connection to the server lost. This is the state at %1; answering on the stations goes on. Reconnecting…</translation>
    </message>
    <message>
        <source>考场</source>
        <translation>Room</translation>
    </message>
    <message>
        <source>开考</source>
        <translation>Release</translation>
    </message>
    <message>
        <source>核对</source>
        <translation>Reconcile</translation>
    </message>
    <message>
        <source>记录单</source>
        <translation>Record</translation>
    </message>
    <message>
        <source>作答数据</source>
        <translation>Answers</translation>
    </message>
    <message>
        <source>管理</source>
        <translation>Admin</translation>
    </message>
    <message>
        <source>事件与违纪</source>
        <translation>Incidents</translation>
    </message>
</context>
<context>
    <name>EnrolmentTab</name>
    <message>
        <source>登记码</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>类型</source>
        <translation>Kind</translation>
    </message>
    <message>
        <source>地址</source>
        <translation>Address</translation>
    </message>
    <message>
        <source>时间</source>
        <translation>Time</translation>
    </message>
    <message>
        <source>刷新列表</source>
        <translation>Refresh list</translation>
    </message>
    <message>
        <source>考试机</source>
        <translation>Station</translation>
    </message>
    <message>
        <source>监考台</source>
        <translation>Console</translation>
    </message>
    <message>
        <source>登记码一致，确认登记</source>
        <translation>Codes match: confirm</translation>
    </message>
    <message>
        <source>服务器的答复无法识别</source>
        <translation>The server&apos;s answer is not understood</translation>
    </message>
    <message>
        <source>已登记</source>
        <translation>Enrolled</translation>
    </message>
    <message>
        <source>名称</source>
        <translation>Machine name</translation>
    </message>
    <message>
        <source>考场</source>
        <translation>Room</translation>
    </message>
    <message>
        <source>机位号</source>
        <translation>Seat no.</translation>
    </message>
    <message>
        <source>确认登记</source>
        <translation>Confirm enrolment</translation>
    </message>
    <message>
        <source>请到机器前核对：两边登记码必须完全一致。</source>
        <translation>Compare at the machine: both codes must be exactly alike.</translation>
    </message>
</context>
<context>
    <name>ExamClock</name>
    <message>
        <source>△ 尚未取得考试时间</source>
        <translation>△ exam time not known yet</translation>
    </message>
    <message>
        <source>✓ 时间可信 · 来源 %1</source>
        <translation>✓ trusted · source %1</translation>
    </message>
    <message>
        <source>△ 时间不可信 · 来源 %1</source>
        <translation>△ not trusted · source %1</translation>
    </message>
    <message>
        <source>%1 分钟前校时</source>
        <translation>set %1 min ago</translation>
    </message>
</context>
<context>
    <name>Footer</name>
    <message>
        <source>缩小</source>
        <translation>Smaller</translation>
    </message>
    <message>
        <source>放大</source>
        <translation>Larger</translation>
    </message>
    <message>
        <source>退出登录</source>
        <translation>Sign out</translation>
    </message>
    <message>
        <source>本人事项</source>
        <translation>About me</translation>
    </message>
</context>
<context>
    <name>HandOverTab</name>
    <message>
        <source>场次</source>
        <translation>Session</translation>
    </message>
    <message>
        <source>服务器上介质的挂载目录，或回执文件</source>
        <translation>Where the medium is mounted on the server, or a receipt file</translation>
    </message>
    <message>
        <source>刷新</source>
        <translation>Refresh</translation>
    </message>
    <message>
        <source>① 导出到介质（两人）</source>
        <translation>① Export to medium (two people)</translation>
    </message>
    <message>
        <source>② 移交（两人交、两人收）</source>
        <translation>② Hand over (two give, two receive)</translation>
    </message>
    <message>
        <source>③ 取回回执</source>
        <translation>③ Take receipts</translation>
    </message>
    <message>
        <source>打印移交记录</source>
        <translation>Print the record</translation>
    </message>
    <message>
        <source>各场次数据的去向</source>
        <translation>Where each session&apos;s data went</translation>
    </message>
    <message>
        <source>服务器的答复无法识别</source>
        <translation>The server&apos;s answer is not understood</translation>
    </message>
    <message>
        <source>把场次 %1 的密封数据包写入本人领用的登记介质，并回读校验。</source>
        <translation>Write the sealed bundle of session %1 to the registered medium handed out to you, and read it back.</translation>
    </message>
    <message>
        <source>介质 %1，摘要 %2</source>
        <translation>Medium %1, digest %2</translation>
    </message>
    <message>
        <source>已导出并回读一致</source>
        <translation>Exported, and reads back the same</translation>
    </message>
    <message>
        <source>把介质 %1（场次：%2）移交给上级的两名接收人。记录由本考点签署。</source>
        <translation>Hand medium %1 (sessions: %2) over to headquarters&apos; two receivers. The venue signs the record.</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>批准或受理文号</source>
        <translation>Reference</translation>
    </message>
    <message>
        <source>封条号</source>
        <translation>Seal number</translation>
    </message>
    <message>
        <source>接收人一</source>
        <translation>First receiver</translation>
    </message>
    <message>
        <source>接收人二</source>
        <translation>Second receiver</translation>
    </message>
    <message>
        <source>已移交并签署记录</source>
        <translation>Handed over, record signed</translation>
    </message>
    <message>
        <source>介质已不在服务器上，请把此文件另行交付：%1</source>
        <translation>The medium is no longer at the server; deliver this file beside it: %1</translation>
    </message>
    <message>
        <source>移交记录-%1</source>
        <translation>hand-over-%1</translation>
    </message>
    <message>
        <source>；</source>
        <translation>; </translation>
    </message>
    <message>
        <source>部分回执不符</source>
        <translation>Some receipts do not match</translation>
    </message>
    <message>
        <source>回执核对一致</source>
        <translation>The receipts match</translation>
    </message>
    <message>
        <source>上报持续未成时使用；上报仍自动重试。移交后仍须取得回执，数据才可清除。</source>
        <translation>For when the upload stays out; it goes on trying. After a hand-over, too, data is wiped only once the receipt is here.</translation>
    </message>
</context>
<context>
    <name>IncidentTab</name>
    <message>
        <source>编号</source>
        <translation>No.</translation>
    </message>
    <message>
        <source>类别</source>
        <translation>Kind</translation>
    </message>
    <message>
        <source>级别</source>
        <translation>Severity</translation>
    </message>
    <message>
        <source>考场</source>
        <translation>Room</translation>
    </message>
    <message>
        <source>时间</source>
        <translation>Time</translation>
    </message>
    <message>
        <source>状态</source>
        <translation>State</translation>
    </message>
    <message>
        <source>情况</source>
        <translation>What happened</translation>
    </message>
    <message>
        <source>刷新</source>
        <translation>Refresh</translation>
    </message>
    <message>
        <source>登记新事件</source>
        <translation>Record incident</translation>
    </message>
    <message>
        <source>补充到选中事件</source>
        <translation>Add to the selected one</translation>
    </message>
    <message>
        <source>登记上报…</source>
        <translation>Reported…</translation>
    </message>
    <message>
        <source>控制并保全证据…</source>
        <translation>Contain and hold…</translation>
    </message>
    <message>
        <source>办结…</source>
        <translation>Close…</translation>
    </message>
    <message>
        <source>复签</source>
        <translation>Countersign</translation>
    </message>
    <message>
        <source>保存登记表…</source>
        <translation>Save sheet…</translation>
    </message>
    <message>
        <source>全考点</source>
        <translation>Whole venue</translation>
    </message>
    <message>
        <source>结果无法显示</source>
        <translation>The result cannot be shown</translation>
    </message>
    <message>
        <source>‼ 须立即报告：%1</source>
        <translation>‼ Report now: %1</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>待上报</source>
        <translation>to be reported</translation>
    </message>
    <message>
        <source>已办结</source>
        <translation>closed</translation>
    </message>
    <message>
        <source>处理中</source>
        <translation>open</translation>
    </message>
    <message>
        <source>已复签</source>
        <translation>countersigned</translation>
    </message>
    <message>
        <source>时间应写作 09:12 或 09:12:30</source>
        <translation>Write a time as 09:12 or 09:12:30</translation>
    </message>
    <message>
        <source>已记录</source>
        <translation>Recorded</translation>
    </message>
    <message>
        <source>尚未释放的试卷将被冻结，本场数据保全，不得清除。事件升为严重，须立即上报。</source>
        <translation>Papers not yet released are frozen and the session&apos;s data are held against wiping. The incident becomes severe and must be reported at once.</translation>
    </message>
    <message>
        <source>控制 %1</source>
        <translation>Contain %1</translation>
    </message>
    <message>
        <source>控制</source>
        <translation>Contain</translation>
    </message>
    <message>
        <source>写明处理结果。原因、措施和起止时间须先补充完整。</source>
        <translation>Say how it ended. Cause, action, start and end must be complete first.</translation>
    </message>
    <message>
        <source>办结 %1</source>
        <translation>Close %1</translation>
    </message>
    <message>
        <source>办结</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>机位</source>
        <translation>Seat</translation>
    </message>
    <message>
        <source>准考证号</source>
        <translation>Ticket no.</translation>
    </message>
    <message>
        <source>开始时间</source>
        <translation>Begun</translation>
    </message>
    <message>
        <source>恢复时间</source>
        <translation>Over</translation>
    </message>
    <message>
        <source>原因</source>
        <translation>Cause</translation>
    </message>
    <message>
        <source>措施</source>
        <translation>Action</translation>
    </message>
    <message>
        <source>题号（不写题目）</source>
        <translation>Item number (no text)</translation>
    </message>
    <message>
        <source>批准文号</source>
        <translation>Approval no.</translation>
    </message>
    <message>
        <source>监控编号</source>
        <translation>Camera</translation>
    </message>
    <message>
        <source>监控时间</source>
        <translation>Video time</translation>
    </message>
    <message>
        <source>第四十六条</source>
        <translation>Article 46</translation>
    </message>
    <message>
        <source>登记或补充</source>
        <translation>Record or add</translation>
    </message>
    <message>
        <source>突发事件</source>
        <translation>Incidents</translation>
    </message>
</context>
<context>
    <name>IncidentsPage</name>
    <message>
        <source>突发事件</source>
        <translation>Incidents</translation>
    </message>
    <message>
        <source>违纪记录</source>
        <translation>Violations</translation>
    </message>
    <message>
        <source>考试机观察</source>
        <translation>Observations</translation>
    </message>
    <message>
        <source>更正通知</source>
        <translation>Correction notices</translation>
    </message>
</context>
<context>
    <name>InspectionTab</name>
    <message>
        <source>① 全面检测</source>
        <translation>① Inspect all</translation>
    </message>
    <message>
        <source>重测未通过项</source>
        <translation>Inspect again what failed</translation>
    </message>
    <message>
        <source>考试机自检</source>
        <translation>Check stations</translation>
    </message>
    <message>
        <source>重启测试（留标记）</source>
        <translation>Restart test (leave a mark)</translation>
    </message>
    <message>
        <source>③ 封场（两人）</source>
        <translation>③ Seal (two people)</translation>
    </message>
    <message>
        <source>报告另存为 PDF…</source>
        <translation>Save report as PDF…</translation>
    </message>
    <message>
        <source>报告另存为 JSON…</source>
        <translation>Save report as JSON…</translation>
    </message>
    <message>
        <source>只看未通过</source>
        <translation>Only what did not pass</translation>
    </message>
    <message>
        <source>② 选中须人工回答的项，填写说明</source>
        <translation>② Choose an item a person must answer; add a note</translation>
    </message>
    <message>
        <source>合格</source>
        <translation>Good</translation>
    </message>
    <message>
        <source>不合格</source>
        <translation>Not good</translation>
    </message>
    <message>
        <source>；</source>
        <translation>; </translation>
    </message>
    <message>
        <source>：%1</source>
        <translation>: %1</translation>
    </message>
    <message>
        <source>服务器的答复无法识别</source>
        <translation>The server&apos;s answer is not understood</translation>
    </message>
    <message>
        <source>已留标记，请重启全部考试机，然后重测</source>
        <translation>The marks are left: restart every station, then inspect again</translation>
    </message>
    <message>
        <source>考试机已自检</source>
        <translation>The stations checked themselves</translation>
    </message>
    <message>
        <source>已记录：%1</source>
        <translation>Recorded: %1</translation>
    </message>
    <message>
        <source>必查项全部通过</source>
        <translation>Every mandatory check passed</translation>
    </message>
    <message>
        <source>可以封场。</source>
        <translation>The venue may be sealed.</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>尚有 %1 项必查项未通过</source>
        <translation>%1 mandatory checks are open</translation>
    </message>
    <message>
        <source>封场：此后考试机、程序、设置如有变化，封场即失效，须重新检测。</source>
        <translation>Seal the venue: when stations, program or settings change afterwards, the seal breaks and the venue must be inspected again.</translation>
    </message>
    <message>
        <source>重新封场的原因（首次封场可空）</source>
        <translation>Why the seal is renewed (empty the first time)</translation>
    </message>
    <message>
        <source>考点已封场</source>
        <translation>The venue is sealed</translation>
    </message>
    <message>
        <source>另存为</source>
        <translation>Save as</translation>
    </message>
    <message>
        <source>无法写入文件</source>
        <translation>The file cannot be written</translation>
    </message>
    <message>
        <source>已保存</source>
        <translation>Saved</translation>
    </message>
    <message>
        <source>检测项</source>
        <translation>Check</translation>
    </message>
    <message>
        <source>考试机</source>
        <translation>Stations</translation>
    </message>
    <message>
        <source>问题与纠正</source>
        <translation>Findings and corrections</translation>
    </message>
</context>
<context>
    <name>InspectionTexts</name>
    <message>
        <source>○ 未检测</source>
        <translation>○ Not inspected</translation>
    </message>
    <message>
        <source>△ 已检测，未封场</source>
        <translation>△ Inspected, not sealed</translation>
    </message>
    <message>
        <source>✓ 已封场</source>
        <translation>✓ Sealed</translation>
    </message>
    <message>
        <source>✕ 封场失效</source>
        <translation>✕ Seal broken</translation>
    </message>
    <message>
        <source>✓ 通过</source>
        <translation>✓ Passed</translation>
    </message>
    <message>
        <source>△ 注意</source>
        <translation>△ Look</translation>
    </message>
    <message>
        <source>✕ 不通过</source>
        <translation>✕ Failed</translation>
    </message>
    <message>
        <source>… 待检</source>
        <translation>… Open</translation>
    </message>
    <message>
        <source>结论</source>
        <translation>Verdict</translation>
    </message>
    <message>
        <source>编号</source>
        <translation>Id</translation>
    </message>
    <message>
        <source>检测项</source>
        <translation>Check</translation>
    </message>
    <message>
        <source>要求</source>
        <translation>Expected</translation>
    </message>
    <message>
        <source>实测</source>
        <translation>Measured</translation>
    </message>
    <message>
        <source>时间</source>
        <translation>Time</translation>
    </message>
    <message>
        <source>人员</source>
        <translation>Who</translation>
    </message>
    <message>
        <source>涉及</source>
        <translation>Concerned</translation>
    </message>
    <message>
        <source>（非必查）</source>
        <translation> (not mandatory)</translation>
    </message>
    <message>
        <source> 等 %1 个</source>
        <translation> and more, %1 in all</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>机位</source>
        <translation>Seat</translation>
    </message>
    <message>
        <source>在线</source>
        <translation>Online</translation>
    </message>
    <message>
        <source>内存</source>
        <translation>Memory</translation>
    </message>
    <message>
        <source>剩余磁盘</source>
        <translation>Free disk</translation>
    </message>
    <message>
        <source>屏幕</source>
        <translation>Screen</translation>
    </message>
    <message>
        <source>程序</source>
        <translation>Program</translation>
    </message>
    <message>
        <source>时间偏差</source>
        <translation>Clock offset</translation>
    </message>
    <message>
        <source>往返</source>
        <translation>Round trip</translation>
    </message>
    <message>
        <source>重启测试</source>
        <translation>Restart test</translation>
    </message>
    <message>
        <source>未通过的自检项、介质</source>
        <translation>Failed self-checks, media</translation>
    </message>
    <message>
        <source>✓ 在线</source>
        <translation>✓ Online</translation>
    </message>
    <message>
        <source>✕ 断线</source>
        <translation>✕ Offline</translation>
    </message>
    <message>
        <source>状态</source>
        <translation>State</translation>
    </message>
    <message>
        <source>发现时间</source>
        <translation>Found at</translation>
    </message>
    <message>
        <source>发现时实测</source>
        <translation>Measured then</translation>
    </message>
    <message>
        <source>纠正时间</source>
        <translation>Corrected at</translation>
    </message>
    <message>
        <source>纠正后实测</source>
        <translation>Measured after</translation>
    </message>
    <message>
        <source>✓ 已纠正</source>
        <translation>✓ Corrected</translation>
    </message>
    <message>
        <source>✕ 未纠正</source>
        <translation>✕ Open</translation>
    </message>
</context>
<context>
    <name>IntakeTab</name>
    <message>
        <source>① 开启接收（两人）</source>
        <translation>① Open receipt (two people)</translation>
    </message>
    <message>
        <source>服务器上的考务计划文件（总部签名）</source>
        <translation>Plan file on the server (signed by headquarters)</translation>
    </message>
    <message>
        <source>导入考务计划（两人）</source>
        <translation>Import plan (two people)</translation>
    </message>
    <message>
        <source>服务器上的文件夹，如介质的挂载目录</source>
        <translation>Folder on the server, such as where the medium is mounted</translation>
    </message>
    <message>
        <source>② 导入文件夹</source>
        <translation>② Import folder</translation>
    </message>
    <message>
        <source>③ 结束接收（两人）</source>
        <translation>③ Close receipt (two people)</translation>
    </message>
    <message>
        <source>文件</source>
        <translation>File</translation>
    </message>
    <message>
        <source>结论</source>
        <translation>Verdict</translation>
    </message>
    <message>
        <source>说明</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>导入总部签名的考务计划：一名系统管理员导入，另一名核对。</source>
        <translation>Import headquarters&apos; signed plan: one system administrator imports, another checks.</translation>
    </message>
    <message>
        <source>考务计划已导入</source>
        <translation>Plan imported</translation>
    </message>
    <message>
        <source>计划 %1：%2 场，应试人员 %3 人次</source>
        <translation>Plan %1: %2 sessions, %3 candidate sittings</translation>
    </message>
    <message>
        <source>开启本场试卷包的接收。接收须在监督下、在规定时间内完成。</source>
        <translation>Open the receipt of this session&apos;s package. It must be finished under supervision and in time.</translation>
    </message>
    <message>
        <source>接收已开启</source>
        <translation>Receipt opened</translation>
    </message>
    <message>
        <source>编号 %1，须在 %2 前完成</source>
        <translation>No. %1, to be finished by %2</translation>
    </message>
    <message>
        <source>服务器的答复无法识别</source>
        <translation>The server&apos;s answer is not understood</translation>
    </message>
    <message>
        <source>%1：已有 %2 片，需要 %3 片</source>
        <translation>%1: have %2 fragments, need %3</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>碎片已足够</source>
        <translation>Enough fragments</translation>
    </message>
    <message>
        <source>碎片数量不足</source>
        <translation>Not enough fragments</translation>
    </message>
    <message>
        <source>尚缺：%1</source>
        <translation>Missing: %1</translation>
    </message>
    <message>
        <source>结束接收，由监督人员签名。</source>
        <translation>Close the receipt; the supervisor signs.</translation>
    </message>
    <message>
        <source>接收已结束</source>
        <translation>Receipt closed</translation>
    </message>
    <message>
        <source>从总部镜像获取</source>
        <translation>Fetch from the mirror</translation>
    </message>
    <message>
        <source>刷新接收状态</source>
        <translation>Refresh the status</translation>
    </message>
    <message>
        <source>检查密封试卷包</source>
        <translation>Check the sealed packages</translation>
    </message>
    <message>
        <source>④ 主考签收</source>
        <translation>④ Chief signs</translation>
    </message>
    <message>
        <source>密封试卷包检查通过</source>
        <translation>The sealed packages are in order</translation>
    </message>
    <message>
        <source>检查未打开试卷。</source>
        <translation>The check opened no paper.</translation>
    </message>
    <message>
        <source>密封试卷包有问题</source>
        <translation>Something is wrong with the sealed packages</translation>
    </message>
    <message>
        <source>请按下表重新接收有问题的部分。</source>
        <translation>Receive again what the table names.</translation>
    </message>
    <message>
        <source>已签收</source>
        <translation>Signed</translation>
    </message>
    <message>
        <source>清单校验码 %1</source>
        <translation>Sheet code %1</translation>
    </message>
    <message>
        <source>导入的文件</source>
        <translation>Imported files</translation>
    </message>
    <message>
        <source>相邻座位卷别相同 %1 处，请向总部核实：</source>
        <translation>%1 pairs of neighbours have the same form; ask headquarters: </translation>
    </message>
    <message>
        <source>；</source>
        <translation>; </translation>
    </message>
    <message>
        <source>与本人共同开启接收的人员现已不能核对，须由代行其职的人员签名。</source>
        <translation>Who opened the receipt with you may not check any more: whoever has their post must sign.</translation>
    </message>
</context>
<context>
    <name>ItemsTab</name>
    <message>
        <source>收据</source>
        <translation>Receipt</translation>
    </message>
    <message>
        <source>准考证号</source>
        <translation>Ticket no.</translation>
    </message>
    <message>
        <source>姓名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>类别</source>
        <translation>Kind</translation>
    </message>
    <message>
        <source>物品</source>
        <translation>Item</translation>
    </message>
    <message>
        <source>时间</source>
        <translation>Time</translation>
    </message>
    <message>
        <source>状态</source>
        <translation>State</translation>
    </message>
    <message>
        <source>物品名称、数量</source>
        <translation>What, how many</translation>
    </message>
    <message>
        <source>本人已签名</source>
        <translation>Candidate signed</translation>
    </message>
    <message>
        <source>暂扣（两人）…</source>
        <translation>Keep (two)…</translation>
    </message>
    <message>
        <source>退还本人（两人）…</source>
        <translation>Give back (two)…</translation>
    </message>
    <message>
        <source>移交他人（两人）…</source>
        <translation>Hand over (two)…</translation>
    </message>
    <message>
        <source>收据另存为 PDF…</source>
        <translation>Receipt as PDF…</translation>
    </message>
    <message>
        <source>违规携带的工具、资料等集中保管，开具收据；考试结束后退还。作弊设备依法收缴。</source>
        <translation>Forbidden tools and materials are kept against a receipt and given back after the exam. Cheating devices are seized.</translation>
    </message>
    <message>
        <source>准考证号 %1：暂扣 %2。</source>
        <translation>Ticket %1: keep %2.</translation>
    </message>
    <message>
        <source>已暂扣，请打印收据</source>
        <translation>Kept; print the receipt</translation>
    </message>
    <message>
        <source>收据 %1：%2。领取人已在收据上签名。</source>
        <translation>Receipt %1: %2. Whoever takes it signed the receipt.</translation>
    </message>
    <message>
        <source>接收人、单位</source>
        <translation>To whom, of what unit</translation>
    </message>
    <message>
        <source>已登记</source>
        <translation>Recorded</translation>
    </message>
</context>
<context>
    <name>KeptReasons</name>
    <message>
        <source>没有已结束的场次</source>
        <translation>no session has ended yet</translation>
    </message>
    <message>
        <source>已经清除</source>
        <translation>already wiped</translation>
    </message>
    <message>
        <source>未取得上报回执，不能清除</source>
        <translation>no upload receipt yet: nothing may be wiped</translation>
    </message>
    <message>
        <source>尚未清除</source>
        <translation>not wiped yet</translation>
    </message>
    <message>
        <source>已经封存</source>
        <translation>already on hold</translation>
    </message>
    <message>
        <source>没有封存</source>
        <translation>there is no hold</translation>
    </message>
    <message>
        <source>已经销毁</source>
        <translation>already destroyed</translation>
    </message>
    <message>
        <source>已封存，不能销毁</source>
        <translation>on legal hold: nothing may be destroyed</translation>
    </message>
    <message>
        <source>成绩公布日期未录入，不能销毁</source>
        <translation>the day of the scores is not entered: nothing may be destroyed</translation>
    </message>
    <message>
        <source>保管期未满</source>
        <translation>the period of keeping is not over</translation>
    </message>
    <message>
        <source>尚未销毁</source>
        <translation>nothing destroyed yet</translation>
    </message>
</context>
<context>
    <name>KeptTab</name>
    <message>
        <source>场次</source>
        <translation>Session</translation>
    </message>
    <message>
        <source>刷新</source>
        <translation>Refresh</translation>
    </message>
    <message>
        <source>每日备份证明…</source>
        <translation>Daily backup certificate…</translation>
    </message>
    <message>
        <source>清除核查</source>
        <translation>Wipe check</translation>
    </message>
    <message>
        <source>清除（两人）</source>
        <translation>Wipe (two people)</translation>
    </message>
    <message>
        <source>清除证书</source>
        <translation>Wiping certificate</translation>
    </message>
    <message>
        <source>录入成绩公布日期（两人）</source>
        <translation>Enter day of scores (two people)</translation>
    </message>
    <message>
        <source>封存留查（两人）</source>
        <translation>Legal hold (two people)</translation>
    </message>
    <message>
        <source>解除封存（两人）</source>
        <translation>Lift the hold (two people)</translation>
    </message>
    <message>
        <source>销毁作答数据（两人）</source>
        <translation>Destroy answers (two people)</translation>
    </message>
    <message>
        <source>销毁电子记录（两人）</source>
        <translation>Destroy records (two people)</translation>
    </message>
    <message>
        <source>销毁证书</source>
        <translation>Destruction certificate</translation>
    </message>
    <message>
        <source>证书存为 PDF…</source>
        <translation>Certificate as PDF…</translation>
    </message>
    <message>
        <source>本场现存内容</source>
        <translation>What is held of this session</translation>
    </message>
    <message>
        <source>核查结果与证书</source>
        <translation>Check and certificate</translation>
    </message>
    <message>
        <source>服务器的答复无法识别</source>
        <translation>The server&apos;s answer is not understood</translation>
    </message>
    <message>
        <source>已全部清除</source>
        <translation>Everything is wiped</translation>
    </message>
    <message>
        <source>尚有未清除的内容</source>
        <translation>Something is not wiped yet</translation>
    </message>
    <message>
        <source>见下表。</source>
        <translation>See the table below.</translation>
    </message>
    <message>
        <source>清除场次 %1 的密钥和试卷，服务器与各考试机一并清除。此操作不能撤回；上报回执已取得。</source>
        <translation>Wipe the keys and papers of session %1, on the server and on every station. This cannot be undone; the upload receipt is here.</translation>
    </message>
    <message>
        <source>录入场次 %1 的成绩公布日期。保管期限自该日起算；录错可再次录入，以最后一次为准。</source>
        <translation>Enter the day on which the scores of session %1 were published. Periods of keeping run from it; enter it again to correct it, the last entry counts.</translation>
    </message>
    <message>
        <source>成绩公布日期</source>
        <translation>Day of publication</translation>
    </message>
    <message>
        <source>依据（公告文号）</source>
        <translation>Reference (notice number)</translation>
    </message>
    <message>
        <source>封存场次 %1 的全部留存内容，期满也不得销毁，直至解除。</source>
        <translation>Keep everything of session %1, whatever its period, until the hold is lifted.</translation>
    </message>
    <message>
        <source>封存事由</source>
        <translation>Reason for the hold</translation>
    </message>
    <message>
        <source>依据（来函、文号）</source>
        <translation>Basis (letter, number)</translation>
    </message>
    <message>
        <source>解除场次 %1 的封存。保管期限仍须届满才可销毁。</source>
        <translation>Lift the hold on session %1. Nothing may be destroyed before its period ends.</translation>
    </message>
    <message>
        <source>解除依据</source>
        <translation>Basis for lifting it</translation>
    </message>
    <message>
        <source>销毁场次 %1 的作答数据：密封包各版本及密钥副本。此操作不能撤回。</source>
        <translation>Destroy the answers of session %1: every version of the bundle and the copies of its key. This cannot be undone.</translation>
    </message>
    <message>
        <source>销毁场次 %1 的电子记录：导出文件及备份；不在此处的介质由两人人工销毁。不能撤回。</source>
        <translation>Destroy the records of session %1: exports and backups; media that are not here are destroyed by hand by both. This cannot be undone.</translation>
    </message>
    <message>
        <source>销毁方式</source>
        <translation>Method</translation>
    </message>
    <message>
        <source>批准文号</source>
        <translation>Approval number</translation>
    </message>
    <message>
        <source>已销毁，证书见下表</source>
        <translation>Destroyed; the certificate is below</translation>
    </message>
    <message>
        <source>已清除</source>
        <translation>Wiped</translation>
    </message>
    <message>
        <source>请核查各考试机并打印清除证书。</source>
        <translation>Check the stations and print the wiping certificate.</translation>
    </message>
    <message>
        <source>已记入台账</source>
        <translation>Entered in the ledger</translation>
    </message>
</context>
<context>
    <name>NoticeTab</name>
    <message>
        <source>试卷</source>
        <translation>Paper</translation>
    </message>
    <message>
        <source>编号</source>
        <translation>No.</translation>
    </message>
    <message>
        <source>卷别</source>
        <translation>Forms</translation>
    </message>
    <message>
        <source>题号</source>
        <translation>Items</translation>
    </message>
    <message>
        <source>状态</source>
        <translation>State</translation>
    </message>
    <message>
        <source>未确认的座位</source>
        <translation>Seats not confirmed</translation>
    </message>
    <message>
        <source>服务器上的文件路径</source>
        <translation>Path of the file on the server</translation>
    </message>
    <message>
        <source>刷新</source>
        <translation>Refresh</translation>
    </message>
    <message>
        <source>接收通知文件</source>
        <translation>Take in the file</translation>
    </message>
    <message>
        <source>接收场次命令…</source>
        <translation>Take in a session order…</translation>
    </message>
    <message>
        <source>发布选中的通知…</source>
        <translation>Publish the selected notice…</translation>
    </message>
    <message>
        <source>结果无法显示</source>
        <translation>The result cannot be shown</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>待发布</source>
        <translation>To be published</translation>
    </message>
    <message>
        <source>已发布 %1</source>
        <translation>Published %1</translation>
    </message>
    <message>
        <source>接收总部的场次命令（取消、重新组织、续考）：%1。正在进行的场次随即全部暂停，不能恢复。</source>
        <translation>Take in headquarters&apos; order about a session (cancel, run again, continue): %1. A session that is running stands still at once and cannot be resumed.</translation>
    </message>
    <message>
        <source>发布试卷 %1 的第 %2 号更正通知：开卷后在有关考试机上显示，须由应试人员确认。不能撤回。</source>
        <translation>Publish notice %2 about paper %1: once the paper is open the stations concerned show it, and candidates must confirm it. This cannot be undone.</translation>
    </message>
    <message>
        <source>已记录</source>
        <translation>Recorded</translation>
    </message>
    <message>
        <source>试卷只能由总部更正；通知内容只在考试机上显示</source>
        <translation>Only headquarters corrects a paper; the text is shown on stations only</translation>
    </message>
    <message>
        <source>监考人员不得解释试题内容。</source>
        <translation>Invigilators must not explain the content of items.</translation>
    </message>
    <message>
        <source>内容打不开，请报告总部</source>
        <translation>Does not open; tell headquarters</translation>
    </message>
    <message>
        <source>场次</source>
        <translation>Session</translation>
    </message>
    <message>
        <source>命令</source>
        <translation>Order</translation>
    </message>
    <message>
        <source>文号</source>
        <translation>Reference</translation>
    </message>
    <message>
        <source>事由</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>到达</source>
        <translation>Arrived</translation>
    </message>
    <message>
        <source>总部专线送达、待接收的场次命令</source>
        <translation>Orders about a session that came over headquarters&apos; line and wait to be taken in</translation>
    </message>
    <message>
        <source>接收选中的命令…</source>
        <translation>Take in the chosen order…</translation>
    </message>
    <message>
        <source>接收总部专线送达的场次命令：%1，文号 %2。正在进行的场次随即全部暂停，不能恢复。</source>
        <translation>Take in the order that came over headquarters&apos; line: %1, reference %2. A session that runs is suspended at once in every room and cannot be resumed.</translation>
    </message>
</context>
<context>
    <name>ObservationTab</name>
    <message>
        <source>时间</source>
        <translation>Time</translation>
    </message>
    <message>
        <source>机位</source>
        <translation>Seat</translation>
    </message>
    <message>
        <source>准考证号</source>
        <translation>Ticket no.</translation>
    </message>
    <message>
        <source>考试机观察到</source>
        <translation>What the station noticed</translation>
    </message>
    <message>
        <source>处理</source>
        <translation>Decision</translation>
    </message>
    <message>
        <source>刷新</source>
        <translation>Refresh</translation>
    </message>
    <message>
        <source>作为证据附入所选记录</source>
        <translation>Attach as evidence</translation>
    </message>
    <message>
        <source>不作处理，写明理由…</source>
        <translation>Dismiss with a reason…</translation>
    </message>
    <message>
        <source>结果无法显示</source>
        <translation>The result cannot be shown</translation>
    </message>
    <message>
        <source>待处理</source>
        <translation>undecided</translation>
    </message>
    <message>
        <source>已附入 %1</source>
        <translation>attached to %1</translation>
    </message>
    <message>
        <source>不作处理：%1</source>
        <translation>dismissed: %1</translation>
    </message>
    <message>
        <source>该观察不作处理。观察和理由都保留。</source>
        <translation>The observation is dismissed. It is kept, with the reason.</translation>
    </message>
    <message>
        <source>不作处理</source>
        <translation>Dismiss</translation>
    </message>
    <message>
        <source>记录</source>
        <translation>Record</translation>
    </message>
    <message>
        <source>已记录</source>
        <translation>Recorded</translation>
    </message>
    <message>
        <source>该应试人员的违纪记录</source>
        <translation>Violations of this candidate</translation>
    </message>
    <message>
        <source>考试机观察不等于违纪，由人认定后才记入</source>
        <translation>An observation is no violation until a person says so</translation>
    </message>
</context>
<context>
    <name>Outcome</name>
    <message>
        <source>… 正在提交</source>
        <translation>… sending</translation>
    </message>
    <message>
        <source>已保存</source>
        <translation>Saved</translation>
    </message>
    <message>
        <source>无法写入文件</source>
        <translation>The file cannot be written</translation>
    </message>
</context>
<context>
    <name>PeopleTab</name>
    <message>
        <source>刷新</source>
        <translation>Refresh</translation>
    </message>
    <message>
        <source>抽签确定考场（两人）</source>
        <translation>Draw rooms (two people)</translation>
    </message>
    <message>
        <source>打印抽签结果</source>
        <translation>Print the draw</translation>
    </message>
    <message>
        <source>打印值班联系表</source>
        <translation>Print the duty list</translation>
    </message>
    <message>
        <source>人工安排考场（两人）</source>
        <translation>Assign a room (two people)</translation>
    </message>
    <message>
        <source>回避决定</source>
        <translation>Decide a recusal</translation>
    </message>
    <message>
        <source>由其代行职务（两人）</source>
        <translation>Give them a post (two people)</translation>
    </message>
    <message>
        <source>结束代行</source>
        <translation>End the delegation</translation>
    </message>
    <message>
        <source>签发开通码（两人）</source>
        <translation>Issue a code (two people)</translation>
    </message>
    <message>
        <source>解除登录锁定</source>
        <translation>Lift the lock-out</translation>
    </message>
    <message>
        <source>停用账号（两人）</source>
        <translation>Disable (two people)</translation>
    </message>
    <message>
        <source>账号</source>
        <translation>Account</translation>
    </message>
    <message>
        <source>姓名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>职务</source>
        <translation>Post</translation>
    </message>
    <message>
        <source>责任考场</source>
        <translation>Room</translation>
    </message>
    <message>
        <source>登录</source>
        <translation>Signed in</translation>
    </message>
    <message>
        <source>回避</source>
        <translation>Recusal</translation>
    </message>
    <message>
        <source>备注</source>
        <translation>Notes</translation>
    </message>
    <message>
        <source>人员</source>
        <translation>People</translation>
    </message>
    <message>
        <source>请先在表中选中一名人员</source>
        <translation>Choose somebody in the table first</translation>
    </message>
    <message>
        <source>服务器的答复无法识别</source>
        <translation>The server&apos;s answer is not understood</translation>
    </message>
    <message>
        <source>✓ 人员条件均已满足</source>
        <translation>✓ Everything about people is in order</translation>
    </message>
    <message>
        <source>无人代行职务</source>
        <translation>Nobody acts for somebody else</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>备用：%1</source>
        <translation>Spare: %1</translation>
    </message>
    <message>
        <source>尚未抽签</source>
        <translation>Rooms are not drawn yet</translation>
    </message>
    <message>
        <source>随机确定监考人员责任考场，每场一次。重新抽签须说明事由，原结果保留。未到岗人员的账号以空格分隔。</source>
        <translation>Rooms are drawn at random, once a session. Another draw needs a reason; the old result is kept. Accounts of absent people are separated by spaces.</translation>
    </message>
    <message>
        <source>未到岗人员</source>
        <translation>Absent people</translation>
    </message>
    <message>
        <source>重新抽签的事由</source>
        <translation>Reason of another draw</translation>
    </message>
    <message>
        <source>已抽签，结果已告知各监考台</source>
        <translation>Drawn; the consoles were told</translation>
    </message>
    <message>
        <source>不在任何考场</source>
        <translation>In no room</translation>
    </message>
    <message>
        <source>将%1安排到指定考场，代替抽签结果。</source>
        <translation>Puts %1 into a room in place of the draw.</translation>
    </message>
    <message>
        <source>考场</source>
        <translation>Room</translation>
    </message>
    <message>
        <source>事由（必填，将记入台账）</source>
        <translation>Reason (required, recorded)</translation>
    </message>
    <message>
        <source>已安排</source>
        <translation>Assigned</translation>
    </message>
    <message>
        <source>已作出回避决定</source>
        <translation>Decided</translation>
    </message>
    <message>
        <source>由%1代行他人职务，到时自动结束。</source>
        <translation>%1 does somebody else&apos;s post; it ends by itself.</translation>
    </message>
    <message>
        <source>已委托</source>
        <translation>Delegated</translation>
    </message>
    <message>
        <source>代行已结束</source>
        <translation>The delegation has ended</translation>
    </message>
    <message>
        <source>停用%1的账号，立即生效。</source>
        <translation>Disables the account of %1 at once.</translation>
    </message>
    <message>
        <source>账号已停用</source>
        <translation>The account is disabled</translation>
    </message>
    <message>
        <source>已解除锁定</source>
        <translation>The lock-out is lifted</translation>
    </message>
    <message>
        <source>为%1签发一次性开通码，其现有密码立即失效。</source>
        <translation>Issues a one-time code for %1; the present password ends at once.</translation>
    </message>
    <message>
        <source>开通码（只显示这一次）：%1</source>
        <translation>One-time code, shown this once: %1</translation>
    </message>
    <message>
        <source>开通码</source>
        <translation>One-time code</translation>
    </message>
    <message>
        <source>监考人员责任考场</source>
        <translation>Rooms of invigilators</translation>
    </message>
    <message>
        <source>值班联系表</source>
        <translation>Duty list</translation>
    </message>
    <message>
        <source>开考条件（人员）</source>
        <translation>Ready: people</translation>
    </message>
    <message>
        <source>代行职务</source>
        <translation>Delegated posts</translation>
    </message>
</context>
<context>
    <name>PeopleWords</name>
    <message>
        <source>待定</source>
        <translation>none yet</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>全部</source>
        <translation>all</translation>
    </message>
    <message>
        <source>未申报</source>
        <translation>not declared</translation>
    </message>
    <message>
        <source>无</source>
        <translation>none</translation>
    </message>
    <message>
        <source>△ 应试人员</source>
        <translation>△ a candidate</translation>
    </message>
    <message>
        <source>△ 考场</source>
        <translation>△ a room</translation>
    </message>
    <message>
        <source>△ 全部</source>
        <translation>△ everything</translation>
    </message>
    <message>
        <source>决定：不须回避</source>
        <translation>decided: no recusal</translation>
    </message>
    <message>
        <source>决定：回避考场</source>
        <translation>decided: not in these rooms</translation>
    </message>
    <message>
        <source>决定：回避全部</source>
        <translation>decided: leaves the exam</translation>
    </message>
    <message>
        <source>✕ 已停用：%1</source>
        <translation>✕ disabled: %1</translation>
    </message>
    <message>
        <source>✕ 不在有效期内</source>
        <translation>✕ outside its time</translation>
    </message>
    <message>
        <source>△ 已锁定</source>
        <translation>△ locked out</translation>
    </message>
    <message>
        <source>△ 本地增补</source>
        <translation>△ local addition</translation>
    </message>
    <message>
        <source>△ 未设密码</source>
        <translation>△ no password yet</translation>
    </message>
    <message>
        <source>会操作计算机</source>
        <translation>computer skills</translation>
    </message>
    <message>
        <source>动态验证码</source>
        <translation>Second factor</translation>
    </message>
    <message>
        <source>责任书已登记</source>
        <translation>undertaking on record</translation>
    </message>
    <message>
        <source>证章 %1</source>
        <translation>badge %1</translation>
    </message>
    <message>
        <source>；</source>
        <translation>; </translation>
    </message>
    <message>
        <source>✓ 已登录</source>
        <translation>✓ signed in</translation>
    </message>
    <message>
        <source>· 未登录</source>
        <translation>· not signed in</translation>
    </message>
    <message>
        <source>▶ 第%1号：%2的%3职务由%4代行，至%5。事由：%6</source>
        <translation>▶ No. %1: %4 acts for %2 (%3) until %5. Reason: %6</translation>
    </message>
    <message>
        <source>另行结束</source>
        <translation>it is ended</translation>
    </message>
    <message>
        <source>· 已离开 %1</source>
        <translation>· left %1</translation>
    </message>
    <message>
        <source>✓ 到场 %1</source>
        <translation>✓ here since %1</translation>
    </message>
    <message>
        <source>△ 未参加本类考试培训</source>
        <translation>△ not trained for this kind of session</translation>
    </message>
    <message>
        <source>普通</source>
        <translation>ordinary</translation>
    </message>
    <message>
        <source>语音类</source>
        <translation>listening</translation>
    </message>
    <message>
        <source>视频类</source>
        <translation>video</translation>
    </message>
    <message>
        <source>培训：%1</source>
        <translation>trained: %1</translation>
    </message>
</context>
<context>
    <name>PersonalDialog</name>
    <message>
        <source>本人事项</source>
        <translation>About me</translation>
    </message>
    <message>
        <source>无须回避：与应试人员无亲属等利害关系</source>
        <translation>None: no relation to any candidate</translation>
    </message>
    <message>
        <source>与某名应试人员有关系</source>
        <translation>Related to a candidate</translation>
    </message>
    <message>
        <source>与某考场有关系</source>
        <translation>Related to somebody in a room</translation>
    </message>
    <message>
        <source>申请回避本场考试全部工作</source>
        <translation>Ask to leave this exam altogether</translation>
    </message>
    <message>
        <source>提交申报</source>
        <translation>Declare</translation>
    </message>
    <message>
        <source>生成动态验证码密钥</source>
        <translation>Make a second factor</translation>
    </message>
    <message>
        <source>核对并启用</source>
        <translation>Check and put in force</translation>
    </message>
    <message>
        <source>关闭</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>已申报</source>
        <translation>Declared</translation>
    </message>
    <message>
        <source>由主考决定是否回避。</source>
        <translation>The chief decides.</translation>
    </message>
    <message>
        <source>动态验证码密钥的二维码</source>
        <translation>QR code of the second factor</translation>
    </message>
    <message>
        <source>动态验证码已启用</source>
        <translation>The second factor is in force</translation>
    </message>
    <message>
        <source>下次登录起须输入。</source>
        <translation>It is asked for from the next sign-in on.</translation>
    </message>
    <message>
        <source>申报</source>
        <translation>Declaration</translation>
    </message>
    <message>
        <source>准考证号或考场号</source>
        <translation>Ticket number or room</translation>
    </message>
    <message>
        <source>关系或事由</source>
        <translation>Relation or reason</translation>
    </message>
    <message>
        <source>用验证器扫描二维码，再输入其显示的6位数字。二维码只显示这一次。</source>
        <translation>Scan the code with an authenticator, then type the six digits it shows. The code is shown this once.</translation>
    </message>
    <message>
        <source>6位数字</source>
        <translation>six digits</translation>
    </message>
    <message>
        <source>动态验证码</source>
        <translation>Second factor</translation>
    </message>
    <message>
        <source>回避申报</source>
        <translation>Recusal</translation>
    </message>
</context>
<context>
    <name>PointsCard</name>
    <message>
        <source>核查事项与说明</source>
        <translation>Points to look at, and remarks</translation>
    </message>
    <message>
        <source>状态</source>
        <translation>State</translation>
    </message>
    <message>
        <source>事项</source>
        <translation>Point</translation>
    </message>
    <message>
        <source>说明</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>核查人</source>
        <translation>Looked at by</translation>
    </message>
    <message>
        <source>说明（可不填）</source>
        <translation>Remark (may be left empty)</translation>
    </message>
    <message>
        <source>全选待核查</source>
        <translation>Select all open</translation>
    </message>
    <message>
        <source>核查所选</source>
        <translation>Looked at</translation>
    </message>
    <message>
        <source>填写异常情况说明…</source>
        <translation>Write an explanation…</translation>
    </message>
    <message>
        <source>填写备注…</source>
        <translation>Write remarks…</translation>
    </message>
    <message>
        <source>✓ 已核查</source>
        <translation>✓ looked at</translation>
    </message>
    <message>
        <source>△ 待核查</source>
        <translation>△ open</translation>
    </message>
</context>
<context>
    <name>PrintingPage</name>
    <message>
        <source>另存为 PDF</source>
        <translation>Save as PDF</translation>
    </message>
    <message>
        <source>无法写入文件</source>
        <translation>The file cannot be written</translation>
    </message>
    <message>
        <source>已保存</source>
        <translation>Saved</translation>
    </message>
</context>
<context>
    <name>PrintsTab</name>
    <message>
        <source>刷新统计</source>
        <translation>Count again</translation>
    </message>
    <message>
        <source>导出本场数据</source>
        <translation>Export this session</translation>
    </message>
    <message>
        <source>场次</source>
        <translation>Session</translation>
    </message>
    <message>
        <source>考场</source>
        <translation>Room</translation>
    </message>
    <message>
        <source>应考</source>
        <translation>Scheduled</translation>
    </message>
    <message>
        <source>实考</source>
        <translation>Present</translation>
    </message>
    <message>
        <source>缺考</source>
        <translation>Absent</translation>
    </message>
    <message>
        <source>违纪</source>
        <translation>Violations</translation>
    </message>
    <message>
        <source>异常</source>
        <translation>Anomalies</translation>
    </message>
    <message>
        <source>机位标签</source>
        <translation>Seat labels</translation>
    </message>
    <message>
        <source>监考座次表</source>
        <translation>Seating sheet</translation>
    </message>
    <message>
        <source>缺考名单</source>
        <translation>Absent list</translation>
    </message>
    <message>
        <source>统计表存为 PDF…</source>
        <translation>Counts as PDF…</translation>
    </message>
    <message>
        <source>每日证明存为 PDF…</source>
        <translation>Day&apos;s certificate as PDF…</translation>
    </message>
    <message>
        <source>服务器的答复无法识别</source>
        <translation>The server&apos;s answer cannot be read</translation>
    </message>
    <message>
        <source>全部</source>
        <translation>all</translation>
    </message>
    <message>
        <source>合计</source>
        <translation>total</translation>
    </message>
    <message>
        <source>统计表</source>
        <translation>counts</translation>
    </message>
    <message>
        <source>每日证明</source>
        <translation>certificate</translation>
    </message>
    <message>
        <source>已在服务器上导出</source>
        <translation>Exported on the server</translation>
    </message>
    <message>
        <source>另存为 PDF</source>
        <translation>Save as PDF</translation>
    </message>
    <message>
        <source>无法写入文件</source>
        <translation>The file cannot be written</translation>
    </message>
    <message>
        <source>已保存</source>
        <translation>Saved</translation>
    </message>
    <message>
        <source>考场打印</source>
        <translation>Sheets of a room</translation>
    </message>
    <message>
        <source>考场分布示意图</source>
        <translation>Venue map</translation>
    </message>
    <message>
        <source>工作证章</source>
        <translation>Badges</translation>
    </message>
    <message>
        <source>考点打印</source>
        <translation>Prints of the venue</translation>
    </message>
    <message>
        <source>备份盘标签</source>
        <translation>Backup media labels</translation>
    </message>
    <message>
        <source>考场规则</source>
        <translation>Room rules</translation>
    </message>
    <message>
        <source>违纪违规行为处理规定</source>
        <translation>Provisions on violations</translation>
    </message>
</context>
<context>
    <name>ReasonDialog</name>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>事由（必填，将记入台账）</source>
        <translation>Reason (required, recorded)</translation>
    </message>
    <message>
        <source>总部批准文号（必填）</source>
        <translation>Headquarters&apos; reference (required)</translation>
    </message>
</context>
<context>
    <name>ReceiverFields</name>
    <message>
        <source>姓名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>单位</source>
        <translation>Unit</translation>
    </message>
    <message>
        <source>证件号码</source>
        <translation>Document no.</translation>
    </message>
</context>
<context>
    <name>RecordPage</name>
    <message>
        <source>调取记录单</source>
        <translation>Fetch record</translation>
    </message>
    <message>
        <source>项目</source>
        <translation>Item</translation>
    </message>
    <message>
        <source>内容</source>
        <translation>Content</translation>
    </message>
    <message>
        <source>角色</source>
        <translation>Role</translation>
    </message>
    <message>
        <source>姓名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>时间</source>
        <translation>Time</translation>
    </message>
    <message>
        <source>签署本记录单</source>
        <translation>Sign this record</translation>
    </message>
    <message>
        <source>记录单另存为 PDF…</source>
        <translation>Record as PDF…</translation>
    </message>
    <message>
        <source>门贴另存为 PDF…</source>
        <translation>Door sheet as PDF…</translation>
    </message>
    <message>
        <source>服务器的答复无法识别</source>
        <translation>The server&apos;s answer is not understood</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>△ 密封前还须签名：%1</source>
        <translation>△ Still to sign before sealing: %1</translation>
    </message>
    <message>
        <source>✓ 签名齐全，可以密封</source>
        <translation>✓ all signatures present; may be sealed</translation>
    </message>
    <message>
        <source>△ 内容已变更，此前 %1 个签名作废</source>
        <translation>△ The content changed; %1 earlier signatures are void</translation>
    </message>
    <message>
        <source>%1 签署内容摘要为 %2 的考场情况记录单。签名后内容如有变更，全部签名作废。</source>
        <translation>%1 signs the room record with content digest %2. If the content changes afterwards, all signatures are void.</translation>
    </message>
    <message>
        <source>签署记录单</source>
        <translation>Sign record</translation>
    </message>
    <message>
        <source>签署</source>
        <translation>Sign</translation>
    </message>
    <message>
        <source>已签署</source>
        <translation>Signed</translation>
    </message>
    <message>
        <source>考场情况记录单</source>
        <translation>Room record</translation>
    </message>
    <message>
        <source>门贴</source>
        <translation>Door sheet</translation>
    </message>
    <message>
        <source>另存为 PDF</source>
        <translation>Save as PDF</translation>
    </message>
    <message>
        <source>无法写入文件</source>
        <translation>The file cannot be written</translation>
    </message>
    <message>
        <source>已保存</source>
        <translation>Saved</translation>
    </message>
    <message>
        <source>签名</source>
        <translation>Signatures</translation>
    </message>
    <message>
        <source>内容摘要（签名所针对的内容）</source>
        <translation>Content digest (what is signed)</translation>
    </message>
    <message>
        <source>考场</source>
        <translation>Room</translation>
    </message>
</context>
<context>
    <name>RecusalDialog</name>
    <message>
        <source>回避决定</source>
        <translation>Decide a recusal</translation>
    </message>
    <message>
        <source>不须回避</source>
        <translation>No recusal</translation>
    </message>
    <message>
        <source>回避下列考场</source>
        <translation>Not in these rooms</translation>
    </message>
    <message>
        <source>回避全部工作：立即停用账号</source>
        <translation>Leaves the exam: the account ends at once</translation>
    </message>
    <message>
        <source>作出决定</source>
        <translation>Decide</translation>
    </message>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>决定</source>
        <translation>Decision</translation>
    </message>
    <message>
        <source>考场号（以空格分隔）</source>
        <translation>Rooms, separated by spaces</translation>
    </message>
    <message>
        <source>事由（必填，将记入台账）</source>
        <translation>Reason (required, recorded)</translation>
    </message>
</context>
<context>
    <name>ReleaseCard</name>
    <message>
        <source>释放点 %1</source>
        <translation>Release point %1</translation>
    </message>
    <message>
        <source>已打开试卷 %1 / %2 台（已收到密钥 %3 台）</source>
        <translation>Paper open on %1 of %2 stations (key on %3)</translation>
    </message>
    <message>
        <source>✓ 全部考试机已打开试卷</source>
        <translation>✓ every station has opened the paper</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>△ 尚未打开：%1</source>
        <translation>△ Not open yet: %1</translation>
    </message>
</context>
<context>
    <name>ReleaseTexts</name>
    <message>
        <source>考试时间可信</source>
        <translation>Exam time trusted</translation>
    </message>
    <message>
        <source>监考人员到位</source>
        <translation>Invigilators present</translation>
    </message>
    <message>
        <source>备份可用</source>
        <translation>Backup usable</translation>
    </message>
    <message>
        <source>释放密钥</source>
        <translation>Release key</translation>
    </message>
    <message>
        <source>✓ 就绪</source>
        <translation>✓ go</translation>
    </message>
    <message>
        <source>… 等待</source>
        <translation>… waiting</translation>
    </message>
    <message>
        <source>？ 请人工核对</source>
        <translation>? check by hand</translation>
    </message>
    <message>
        <source>△ 未就绪</source>
        <translation>△ not ready</translation>
    </message>
    <message>
        <source>✕ 不可开考</source>
        <translation>✕ no-go</translation>
    </message>
    <message>
        <source>当前没有场次</source>
        <translation>No session now</translation>
    </message>
    <message>
        <source>尚未启用释放</source>
        <translation>Release not armed</translation>
    </message>
    <message>
        <source>已由两人启用，距释放点</source>
        <translation>Armed by two people; release in</translation>
    </message>
    <message>
        <source>释放点已到，正在获取释放密钥</source>
        <translation>Release point reached; fetching the release key</translation>
    </message>
    <message>
        <source>试卷已释放</source>
        <translation>Paper released</translation>
    </message>
    <message>
        <source>本场考试已结束</source>
        <translation>The session is over</translation>
    </message>
    <message>
        <source>回收中</source>
        <translation>collecting</translation>
    </message>
    <message>
        <source>已回收</source>
        <translation>collected</translation>
    </message>
    <message>
        <source>已备份</source>
        <translation>backed up</translation>
    </message>
    <message>
        <source>已密封</source>
        <translation>sealed</translation>
    </message>
    <message>
        <source>上报中</source>
        <translation>uploading</translation>
    </message>
    <message>
        <source>已上报</source>
        <translation>uploaded</translation>
    </message>
    <message>
        <source>已清除</source>
        <translation>wiped</translation>
    </message>
    <message>
        <source>待开放</source>
        <translation>planned</translation>
    </message>
    <message>
        <source>入场中</source>
        <translation>admission</translation>
    </message>
    <message>
        <source>已允许登录</source>
        <translation>log-in allowed</translation>
    </message>
    <message>
        <source>已启用释放</source>
        <translation>release armed</translation>
    </message>
    <message>
        <source>考试中</source>
        <translation>running</translation>
    </message>
    <message>
        <source>考试结束</source>
        <translation>session over</translation>
    </message>
    <message>
        <source>已核对</source>
        <translation>reconciled</translation>
    </message>
    <message>
        <source>下一步：等待场次</source>
        <translation>Next: wait for a session</translation>
    </message>
    <message>
        <source>下一步：检查考场，等待入场时间</source>
        <translation>Next: check the room; wait for admission to open</translation>
    </message>
    <message>
        <source>下一步：查验两证、办理入场；人员就座后允许登录</source>
        <translation>Next: check both documents and admit; allow log-in when seated</translation>
    </message>
    <message>
        <source>下一步：核对人、证、屏幕一致；主考与系统管理员启用释放</source>
        <translation>Next: compare person, ID and screen; chief and system administrator arm the release</translation>
    </message>
    <message>
        <source>下一步：宣读考场规则，等待释放点</source>
        <translation>Next: read the room rules aloud; wait for the release point</translation>
    </message>
    <message>
        <source>下一步：巡视考场，处理“需要关注”列表</source>
        <translation>Next: patrol the room and work through “Needs attention”</translation>
    </message>
    <message>
        <source>下一步：核对应考、实考、缺考，填写并签署考场情况记录单</source>
        <translation>Next: reconcile scheduled, present and absent; complete and sign the room record</translation>
    </message>
    <message>
        <source>下一步：主考签名后密封作答数据</source>
        <translation>Next: the chief signs, then seal the answers</translation>
    </message>
    <message>
        <source>下一步：上报至指定服务器</source>
        <translation>Next: upload to the designated server</translation>
    </message>
    <message>
        <source>下一步：核对回执，两人确认后清除</source>
        <translation>Next: compare the receipt; two people wipe</translation>
    </message>
    <message>
        <source>本场工作已全部完成</source>
        <translation>All work of this session is done</translation>
    </message>
    <message>
        <source>待接收</source>
        <translation>expected</translation>
    </message>
    <message>
        <source>接收中</source>
        <translation>receiving</translation>
    </message>
    <message>
        <source>已接收完整</source>
        <translation>complete</translation>
    </message>
    <message>
        <source>已释放</source>
        <translation>released</translation>
    </message>
    <message>
        <source>已结束</source>
        <translation>ended</translation>
    </message>
    <message>
        <source>释放未被冻结</source>
        <translation>Release not frozen</translation>
    </message>
    <message>
        <source>试卷包完整、未曾启封</source>
        <translation>Papers complete, never opened</translation>
    </message>
    <message>
        <source>考点已封场</source>
        <translation>The venue is sealed</translation>
    </message>
    <message>
        <source>主考已签收试卷包</source>
        <translation>The chief signed for the papers</translation>
    </message>
    <message>
        <source>考试机已校验本机卷别</source>
        <translation>Stations verified their own form</translation>
    </message>
    <message>
        <source>主考、系统管理员到位</source>
        <translation>Chief and administrators present</translation>
    </message>
    <message>
        <source>磁盘预留</source>
        <translation>Disk reserve</translation>
    </message>
    <message>
        <source>未启用（封存）</source>
        <translation>Not used (sealed)</translation>
    </message>
</context>
<context>
    <name>ReportDialog</name>
    <message>
        <source>登记上报</source>
        <translation>Report</translation>
    </message>
    <message>
        <source>报告内容</source>
        <translation>Text of the report</translation>
    </message>
    <message>
        <source>已上报，登记</source>
        <translation>It was reported</translation>
    </message>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>上报 %1</source>
        <translation>Report %1</translation>
    </message>
    <message>
        <source>报告对象（必填）</source>
        <translation>Told to (required)</translation>
    </message>
    <message>
        <source>方式（必填）</source>
        <translation>How (required)</translation>
    </message>
    <message>
        <source>文号或接报人</source>
        <translation>Reference or who took it</translation>
    </message>
    <message>
        <source>先按下文上报，再登记。可复制。</source>
        <translation>Report as below first, then note it. The text can be copied.</translation>
    </message>
</context>
<context>
    <name>RoomPage</name>
    <message>
        <source>查找：机位、准考证号、姓名</source>
        <translation>Find: seat, ticket, name</translation>
    </message>
    <message>
        <source>F5 允许登录</source>
        <translation>F5 Allow log-in</translation>
    </message>
    <message>
        <source>F6 入场登记</source>
        <translation>F6 Admit</translation>
    </message>
    <message>
        <source>F7 确认离场</source>
        <translation>F7 Confirm exit</translation>
    </message>
    <message>
        <source>更多</source>
        <translation>More</translation>
    </message>
    <message>
        <source>✓ 已允许登录</source>
        <translation>✓ Log-in allowed</translation>
    </message>
    <message>
        <source>应考 %1</source>
        <translation>Sched. %1</translation>
    </message>
    <message>
        <source>实考 %1</source>
        <translation>Present %1</translation>
    </message>
    <message>
        <source>缺考 %1</source>
        <translation>Absent %1</translation>
    </message>
    <message>
        <source>入场 %1</source>
        <translation>In %1</translation>
    </message>
    <message>
        <source>交卷 %1</source>
        <translation>Done %1</translation>
    </message>
    <message>
        <source>未同步 %1</source>
        <translation>Unsynced %1</translation>
    </message>
    <message>
        <source>✕ 未找到</source>
        <translation>✕ not found</translation>
    </message>
    <message>
        <source>找到 %1 个</source>
        <translation>%1 found</translation>
    </message>
    <message>
        <source>%1：已入场 %2 人，应考 %3 人。允许后应试人员即可登录，不能撤回。</source>
        <translation>%1: %2 admitted of %3 scheduled. Candidates can log in from then on; this cannot be taken back.</translation>
    </message>
    <message>
        <source>允许登录</source>
        <translation>Allow log-in</translation>
    </message>
    <message>
        <source>已允许登录</source>
        <translation>Log-in allowed</translation>
    </message>
    <message>
        <source>机位 %1&#x3000;%2 已交卷并经服务器确认。同意其离场？</source>
        <translation>Seat %1&#x3000;%2 has handed in, acknowledged by the server. Let them leave?</translation>
    </message>
    <message>
        <source>确认离场</source>
        <translation>Confirm exit</translation>
    </message>
    <message>
        <source>同意离场</source>
        <translation>Let leave</translation>
    </message>
    <message>
        <source>已确认离场</source>
        <translation>Exit confirmed</translation>
    </message>
    <message>
        <source>F11 换机…</source>
        <translation>F11 Swap…</translation>
    </message>
    <message>
        <source>服务器的答复无法识别</source>
        <translation>The server&apos;s answer is not understood</translation>
    </message>
    <message>
        <source>已换机，请应试人员在备用机登录</source>
        <translation>Swapped; the candidate logs in at the spare</translation>
    </message>
    <message>
        <source>F10 考场登记</source>
        <translation>F10 Room book</translation>
    </message>
    <message>
        <source>F12 补时与特殊处理</source>
        <translation>F12 Time and exceptions</translation>
    </message>
    <message>
        <source>考场启动码 %1</source>
        <translation>Room start code %1</translation>
    </message>
</context>
<context>
    <name>RoomTimeBar</name>
    <message>
        <source>暂缓开考</source>
        <translation>Hold room</translation>
    </message>
    <message>
        <source>单独开考</source>
        <translation>Start room</translation>
    </message>
    <message>
        <source>F8 暂停本考场</source>
        <translation>F8 Pause room</translation>
    </message>
    <message>
        <source>F9 恢复考试</source>
        <translation>F9 Resume</translation>
    </message>
    <message>
        <source>考场时间</source>
        <translation>Room time</translation>
    </message>
    <message>
        <source>暂停全考点…</source>
        <translation>Pause the whole venue…</translation>
    </message>
    <message>
        <source>暂缓开考…</source>
        <translation>Hold the room back…</translation>
    </message>
    <message>
        <source>单独开考…</source>
        <translation>Start the room…</translation>
    </message>
    <message>
        <source>△ 暂缓开考：等待主考单独开考</source>
        <translation>△ Held back until the chief starts it</translation>
    </message>
    <message>
        <source>‖ 已暂停 %1（自 %2）</source>
        <translation>‖ Paused for %1 (since %2)</translation>
    </message>
    <message>
        <source>▶ %1 恢复考试</source>
        <translation>▶ Goes on at %1</translation>
    </message>
    <message>
        <source>%1 届时不与其他考场一同开考，试卷在本考场保持关闭，直至主考单独开考。</source>
        <translation>%1 will not start with the others; its paper stays shut until the chief starts the room.</translation>
    </message>
    <message>
        <source>已暂缓开考</source>
        <translation>The room is held back</translation>
    </message>
    <message>
        <source>%1 的全部考试机将一同开考；释放之前则与其他考场一同开考。此后不能再暂缓。</source>
        <translation>All stations of %1 start together; before the release, with the other rooms. It cannot be held back again.</translation>
    </message>
    <message>
        <source>开考</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>已下达开考</source>
        <translation>The start was ordered</translation>
    </message>
    <message>
        <source>全考点</source>
        <translation>Whole venue</translation>
    </message>
    <message>
        <source>%1：考试机立即隐藏试题、锁定输入，剩余时间停止计时，直至恢复。</source>
        <translation>%1: stations hide the paper and lock the input at once; remaining time stands until it is resumed.</translation>
    </message>
    <message>
        <source>暂停考试</source>
        <translation>Pause the examination</translation>
    </message>
    <message>
        <source>立即暂停</source>
        <translation>Pause now</translation>
    </message>
    <message>
        <source>已暂停</source>
        <translation>Paused</translation>
    </message>
    <message>
        <source>已暂停的考场（%1）将在稍后的同一时刻恢复，剩余时间与暂停时相同。</source>
        <translation>The paused rooms (%1) go on together in a moment, with the time they had left.</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>恢复考试</source>
        <translation>Resume</translation>
    </message>
    <message>
        <source>已下达恢复</source>
        <translation>The resumption was ordered</translation>
    </message>
    <message>
        <source>本考场：%1</source>
        <translation>This room: %1</translation>
    </message>
    <message>
        <source>范围</source>
        <translation>Where</translation>
    </message>
    <message>
        <source>顺延分钟数</source>
        <translation>Minutes more</translation>
    </message>
    <message>
        <source>事由（必填，将记入台账）</source>
        <translation>Reason (required; it is recorded)</translation>
    </message>
    <message>
        <source>顺延</source>
        <translation>Extension</translation>
    </message>
    <message>
        <source>按部考试中心批准顺延…</source>
        <translation>Extend on headquarters&apos; consent…</translation>
    </message>
    <message>
        <source>两人顺延（待确认）…</source>
        <translation>Extend by two people, to be confirmed…</translation>
    </message>
    <message>
        <source>确认待确认的顺延…</source>
        <translation>Confirm an extension…</translation>
    </message>
    <message>
        <source>须经部考试中心同意（规程第三十二条）。考试时间只能延长，不能缩短。</source>
        <translation>Headquarters must consent (article 32). Time can only be made longer, never shorter.</translation>
    </message>
    <message>
        <source>执行顺延</source>
        <translation>Extend</translation>
    </message>
    <message>
        <source>已顺延</source>
        <translation>Extended</translation>
    </message>
    <message>
        <source>无法取得部考试中心书面批准时，由两人共同执行，并标记“待确认”；确认之前不能密封。</source>
        <translation>While headquarters cannot consent in writing two people extend together. It stays to be confirmed, and nothing is sealed before.</translation>
    </message>
    <message>
        <source>已顺延，待确认</source>
        <translation>Extended, to be confirmed</translation>
    </message>
    <message>
        <source>没有待确认的顺延</source>
        <translation>No extension waits to be confirmed</translation>
    </message>
    <message>
        <source>第 %1 号：%2 %3 分钟&#x3000;%4</source>
        <translation>No. %1: %2, %3 minutes, %4</translation>
    </message>
    <message>
        <source>确认顺延</source>
        <translation>Confirm an extension</translation>
    </message>
    <message>
        <source>录入部考试中心的批准，解除“待确认”。</source>
        <translation>Enter headquarters&apos; consent to what was given offline.</translation>
    </message>
    <message>
        <source>确认</source>
        <translation>Confirm</translation>
    </message>
    <message>
        <source>待确认的顺延</source>
        <translation>Extension to be confirmed</translation>
    </message>
    <message>
        <source>顺延已确认</source>
        <translation>The extension is confirmed</translation>
    </message>
</context>
<context>
    <name>Safeguards</name>
    <message>
        <source>记录封签展示与见证…</source>
        <translation>Record the seals shown and witnessed…</translation>
    </message>
    <message>
        <source>冻结释放（疑似泄密）…</source>
        <translation>Freeze the release (suspected leak)…</translation>
    </message>
    <message>
        <source>凭总部文号解除冻结…</source>
        <translation>Lift the freeze on headquarters&apos; word…</translation>
    </message>
    <message>
        <source>两人解除冻结（主考＋考区主任）…</source>
        <translation>Lift the freeze together (chief + zone director)…</translation>
    </message>
    <message>
        <source>批准启用备用卷…</source>
        <translation>Approve a reserve paper…</translation>
    </message>
    <message>
        <source>封签、备用卷与应急冻结</source>
        <translation>Seals, reserves and emergency freeze</translation>
    </message>
    <message>
        <source>‼ 释放已冻结，任何方式均不得释放。事由：%1</source>
        <translation>‼ The release is frozen; nothing opens a paper by any way. Reason: %1</translation>
    </message>
    <message>
        <source>✓ %1已展示封签</source>
        <translation>✓ Seals shown in %1</translation>
    </message>
    <message>
        <source>冻结释放</source>
        <translation>Freeze the release</translation>
    </message>
    <message>
        <source>怀疑试题泄露时使用。冻结后，未释放的试卷以任何方式均不能释放，直至两人或凭总部文号解除。</source>
        <translation>For a suspected leak. Nothing more is released by any way until two people, or headquarters&apos; reference, lift the freeze.</translation>
    </message>
    <message>
        <source>立即冻结</source>
        <translation>Freeze now</translation>
    </message>
    <message>
        <source>主考与考区主任共同解除冻结。解除后，到达释放点的试卷将立即释放。</source>
        <translation>Chief and zone director lift the freeze together. Papers whose release point has come are released at once.</translation>
    </message>
    <message>
        <source>事由（必填，将记入台账）</source>
        <translation>Reason (required, recorded)</translation>
    </message>
    <message>
        <source>全部考场</source>
        <translation>All rooms</translation>
    </message>
    <message>
        <source>全部卷别</source>
        <translation>All forms</translation>
    </message>
    <message>
        <source>备用卷未经考区主任批准不得启封。批准后，原卷在所选范围内不再使用。</source>
        <translation>A reserve must not be opened without the zone director&apos;s approval. Within the chosen scope the main paper is then not used.</translation>
    </message>
    <message>
        <source>备用卷</source>
        <translation>Reserve paper</translation>
    </message>
    <message>
        <source>考场</source>
        <translation>Room</translation>
    </message>
    <message>
        <source>代替卷别</source>
        <translation>In place of form</translation>
    </message>
    <message>
        <source>两名监考人员已当众展示试卷封签：%1，与考试机屏幕一致，封签完好。</source>
        <translation>Two invigilators showed the seals in public: %1. They match the stations&apos; screens and are intact.</translation>
    </message>
    <message>
        <source>见证的应试人员准考证号</source>
        <translation>Ticket number of the candidate who witnessed</translation>
    </message>
    <message>
        <source>已记录</source>
        <translation>Recorded</translation>
    </message>
    <message>
        <source>须已取得总部同意，并由另一人核对。解除后，到达释放点的试卷将立即释放。</source>
        <translation>Headquarters must have agreed, and another person checks that. Papers whose release point has come are released at once after this.</translation>
    </message>
    <message>
        <source>总部批准文号（必填）</source>
        <translation>Headquarters&apos; reference (required)</translation>
    </message>
</context>
<context>
    <name>SealCard</name>
    <message>
        <source>试卷包封签（请当众展示）</source>
        <translation>Package seal (show in public)</translation>
    </message>
    <message>
        <source>校验短码（与考试机屏幕一致）</source>
        <translation>Short digest (as on the stations&apos; screens)</translation>
    </message>
    <message>
        <source>… 尚未收到试卷包</source>
        <translation>… no package received yet</translation>
    </message>
    <message>
        <source>✓ 签名有效，封签完好</source>
        <translation>✓ signatures valid, seal intact</translation>
    </message>
    <message>
        <source>✕ 签名未通过校验</source>
        <translation>✕ signatures do not verify</translation>
    </message>
    <message>
        <source>■ 密级：%1</source>
        <translation>■ Classification: %1</translation>
    </message>
    <message>
        <source>，解密时间 %1</source>
        <translation>, until %1</translation>
    </message>
    <message>
        <source>试卷包编号 / 卷别</source>
        <translation>Package / form</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>备用卷（封存，未启封）：%1</source>
        <translation>Reserves (sealed, not opened): %1</translation>
    </message>
    <message>
        <source>绝密</source>
        <translation>top secret</translation>
    </message>
    <message>
        <source>机密</source>
        <translation>secret</translation>
    </message>
    <message>
        <source>秘密</source>
        <translation>confidential</translation>
    </message>
</context>
<context>
    <name>SeatDelegate</name>
    <message>
        <source>举手</source>
        <translation>Hand</translation>
    </message>
</context>
<context>
    <name>SeatDetails</name>
    <message>
        <source>未选中机位</source>
        <translation>No seat selected</translation>
    </message>
    <message>
        <source>机位 %1</source>
        <translation>Seat %1</translation>
    </message>
    <message>
        <source>%1 条只在考试机上</source>
        <translation>%1 only on the station</translation>
    </message>
    <message>
        <source>%1 题</source>
        <translation>%1 items</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>姓名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>准考证号</source>
        <translation>Ticket no.</translation>
    </message>
    <message>
        <source>状态</source>
        <translation>State</translation>
    </message>
    <message>
        <source>考试机</source>
        <translation>Station</translation>
    </message>
    <message>
        <source>试卷</source>
        <translation>Paper</translation>
    </message>
    <message>
        <source>已答</source>
        <translation>Answered</translation>
    </message>
    <message>
        <source>未同步</source>
        <translation>Unsynced</translation>
    </message>
    <message>
        <source>最近心跳</source>
        <translation>Last seen</translation>
    </message>
    <message>
        <source>告警</source>
        <translation>Alerts</translation>
    </message>
    <message>
        <source>换机：%1→%2</source>
        <translation>Swap: %1→%2</translation>
    </message>
    <message>
        <source>备用机，供机位 %1 使用</source>
        <translation>Spare, used by seat %1</translation>
    </message>
    <message>
        <source>换机</source>
        <translation>Swap</translation>
    </message>
    <message>
        <source>考试机失联，可能还有</source>
        <translation>station silent, there may be more</translation>
    </message>
    <message>
        <source>✓ 无只存一处的作答</source>
        <translation>✓ None in one copy only</translation>
    </message>
    <message>
        <source>%1 条只存一处</source>
        <translation>%1 in one copy only</translation>
    </message>
    <message>
        <source>（自 %1）</source>
        <translation> (since %1)</translation>
    </message>
    <message>
        <source>考点存放</source>
        <translation>At the venue</translation>
    </message>
    <message>
        <source>请应试人员继续作答，勿关机。先查网线和交换机；不能恢复，报系统管理员换机。</source>
        <translation>Let the candidate go on; do not switch off. Check cable and switch; if it stays away, tell the administrator: swap.</translation>
    </message>
    <message>
        <source>本机可能还有作答：勿关机、勿还原。接通网线后自动上传；否则报系统管理员。</source>
        <translation>This station may still hold answers: do not switch off or restore it. They are sent once the cable is in; else tell the administrator.</translation>
    </message>
    <message>
        <source>作答尚在本机，正在上传：勿关机。数分钟内不减少，报系统管理员。</source>
        <translation>Answers are still being sent: do not switch off. If the number stays for minutes, tell the administrator.</translation>
    </message>
</context>
<context>
    <name>SeatMap</name>
    <message>
        <source>机位图</source>
        <translation>Seat map</translation>
    </message>
</context>
<context>
    <name>SeatModel</name>
    <message>
        <source>举手</source>
        <translation>Hand</translation>
    </message>
    <message>
        <source>未同步 %1</source>
        <translation>Unsynced %1</translation>
    </message>
    <message>
        <source>换机到 %1</source>
        <translation>moved to %1</translation>
    </message>
    <message>
        <source>供机位 %1 使用</source>
        <translation>used by seat %1</translation>
    </message>
</context>
<context>
    <name>SecondDialog</name>
    <message>
        <source>两人确认</source>
        <translation>Two-person confirmation</translation>
    </message>
    <message>
        <source>第二人签名并执行</source>
        <translation>Second person signs: execute</translation>
    </message>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>第一人</source>
        <translation>First person</translation>
    </message>
    <message>
        <source>第二人密码</source>
        <translation>Second person&apos;s password</translation>
    </message>
    <message>
        <source>须由两名人员共同完成</source>
        <translation>Two people are needed</translation>
    </message>
    <message>
        <source>第二人动态验证码</source>
        <translation>Second person&apos;s one-time code</translation>
    </message>
    <message>
        <source>未启用则不填</source>
        <translation>leave empty if none</translation>
    </message>
    <message>
        <source>%1（%2）</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>第二人须为：%1</source>
        <translation>May sign: %1</translation>
    </message>
    <message>
        <source>第二人账号</source>
        <translation>Second person&apos;s account</translation>
    </message>
</context>
<context>
    <name>SessionBox</name>
    <message>
        <source>场次</source>
        <translation>Session</translation>
    </message>
</context>
<context>
    <name>SheetSaver</name>
    <message>
        <source>另存为 PDF</source>
        <translation>Save as PDF</translation>
    </message>
    <message>
        <source>无法写入文件</source>
        <translation>The file cannot be written</translation>
    </message>
    <message>
        <source>已保存</source>
        <translation>Saved</translation>
    </message>
</context>
<context>
    <name>SignInForm</name>
    <message>
        <source>账号</source>
        <translation>Account</translation>
    </message>
    <message>
        <source>密码</source>
        <translation>Password</translation>
    </message>
    <message>
        <source>首次登录或修改密码</source>
        <translation>First sign-in, or another password</translation>
    </message>
    <message>
        <source>密码已设置</source>
        <translation>The password is set</translation>
    </message>
    <message>
        <source>请用新密码登录。</source>
        <translation>Sign in with the new password.</translation>
    </message>
    <message>
        <source>设置密码</source>
        <translation>Set the password</translation>
    </message>
    <message>
        <source>现有密码或一次性开通码</source>
        <translation>Present password or one-time code</translation>
    </message>
    <message>
        <source>两次输入的新密码不一致</source>
        <translation>The new password is not the same twice</translation>
    </message>
    <message>
        <source>动态验证码</source>
        <translation>Second factor</translation>
    </message>
    <message>
        <source>新密码（至少12位）</source>
        <translation>New password (12 or more)</translation>
    </message>
    <message>
        <source>再输入一次</source>
        <translation>Once more</translation>
    </message>
</context>
<context>
    <name>SignInPage</name>
    <message>
        <source>考点监考台</source>
        <translation>Invigilator console</translation>
    </message>
    <message>
        <source>登录</source>
        <translation>Sign in</translation>
    </message>
    <message>
        <source>本机登记码</source>
        <translation>Enrolment code of this machine</translation>
    </message>
    <message>
        <source>请系统管理员在服务器或已登记的监考台上核对并确认此登记码。两边显示一致才可确认。</source>
        <translation>Ask the system administrator to compare and confirm this code at the server or an enrolled console. Confirm only if both show the same.</translation>
    </message>
    <message>
        <source>正在登记本机</source>
        <translation>Enrolling this machine</translation>
    </message>
    <message>
        <source>正在联系服务器…</source>
        <translation>Contacting the server…</translation>
    </message>
    <message>
        <source>服务器拒绝本机连接</source>
        <translation>The server refuses this machine</translation>
    </message>
    <message>
        <source>正在连接考点服务器…</source>
        <translation>Connecting to the venue server…</translation>
    </message>
    <message>
        <source>忘记密码或无法登录，请联系系统管理员。</source>
        <translation>Forgotten your password? Ask the system administrator.</translation>
    </message>
    <message>
        <source>登记未完成</source>
        <translation>Not enrolled yet</translation>
    </message>
    <message>
        <source>未连接到考点服务器</source>
        <translation>Not connected to the venue server</translation>
    </message>
</context>
<context>
    <name>StandingTable</name>
    <message>
        <source>接下来要做</source>
        <translation>What to do next</translation>
    </message>
    <message>
        <source>部分</source>
        <translation>Part</translation>
    </message>
    <message>
        <source>项目</source>
        <translation>Item</translation>
    </message>
    <message>
        <source>值</source>
        <translation>Value</translation>
    </message>
    <message>
        <source>结论</source>
        <translation>Verdict</translation>
    </message>
    <message>
        <source>试卷包接收状态</source>
        <translation>Status of the receipt</translation>
    </message>
</context>
<context>
    <name>StatusTab</name>
    <message>
        <source>刷新状态</source>
        <translation>Refresh status</translation>
    </message>
    <message>
        <source>校验台账</source>
        <translation>Verify ledger</translation>
    </message>
    <message>
        <source>部分</source>
        <translation>Section</translation>
    </message>
    <message>
        <source>项目</source>
        <translation>Item</translation>
    </message>
    <message>
        <source>值</source>
        <translation>Value</translation>
    </message>
    <message>
        <source>结论</source>
        <translation>Verdict</translation>
    </message>
    <message>
        <source>接下来要做</source>
        <translation>To do next</translation>
    </message>
    <message>
        <source>服务器的答复无法识别</source>
        <translation>The server&apos;s answer is not understood</translation>
    </message>
    <message>
        <source>共 %1 条，链首摘要 %2</source>
        <translation>%1 entries, head %2</translation>
    </message>
    <message>
        <source>台账校验通过</source>
        <translation>The ledger verifies</translation>
    </message>
    <message>
        <source>台账校验不通过</source>
        <translation>The ledger does not verify</translation>
    </message>
</context>
<context>
    <name>SwapDialog</name>
    <message>
        <source>机位 %1&#x3000;%2&#x3000;%3：换到同考场备用机继续。作答、试题顺序和剩余时间不变。</source>
        <translation>Seat %1, %2, %3 goes on at a spare of this room. Answers, order of items and remaining time stay.</translation>
    </message>
    <message>
        <source>备用机位</source>
        <translation>Spare seat</translation>
    </message>
    <message>
        <source>换机原因（必填，将记入台账）</source>
        <translation>Reason (needed, recorded)</translation>
    </message>
    <message>
        <source>核对本人</source>
        <translation>Person</translation>
    </message>
    <message>
        <source>换机</source>
        <translation>Swap</translation>
    </message>
    <message>
        <source>两人均已对照证件和照片核对本人</source>
        <translation>Both compared the person with document and photo</translation>
    </message>
    <message>
        <source>本考场没有可用的备用机：须联机、已校验试卷、无人使用</source>
        <translation>No spare can be used in this room: it must be connected, hold the verified paper and be free</translation>
    </message>
    <message>
        <source>请写明换机原因</source>
        <translation>State the reason</translation>
    </message>
    <message>
        <source>请两人对照照片核对本人后勾选</source>
        <translation>Compare the person with the photo, both of you, then tick</translation>
    </message>
</context>
<context>
    <name>SwapTab</name>
    <message>
        <source>时间</source>
        <translation>Time</translation>
    </message>
    <message>
        <source>考场</source>
        <translation>Room</translation>
    </message>
    <message>
        <source>原机位→新机位</source>
        <translation>Old → new seat</translation>
    </message>
    <message>
        <source>原因</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>经办</source>
        <translation>By</translation>
    </message>
    <message>
        <source>状态</source>
        <translation>State</translation>
    </message>
    <message>
        <source>机位</source>
        <translation>Seat</translation>
    </message>
    <message>
        <source>来自考试机</source>
        <translation>From station</translation>
    </message>
    <message>
        <source>试题（时间）</source>
        <translation>Items (time)</translation>
    </message>
    <message>
        <source>刷新列表</source>
        <translation>Refresh list</translation>
    </message>
    <message>
        <source>以服务器记录为准（两人）…</source>
        <translation>The server&apos;s stands (two people)…</translation>
    </message>
    <message>
        <source>并入该机作答（两人）…</source>
        <translation>Merge this machine&apos;s (two people)…</translation>
    </message>
    <message>
        <source>接受未经证明的数据（须写明原因）</source>
        <translation>Accept what is not proved (state the reason)</translation>
    </message>
    <message>
        <source>导入单机数据（两人）…</source>
        <translation>Take journals in (two people)…</translation>
    </message>
    <message>
        <source>服务器的答复无法识别</source>
        <translation>The server&apos;s answer is not understood</translation>
    </message>
    <message>
        <source>△ 待裁定</source>
        <translation>△ to be decided</translation>
    </message>
    <message>
        <source>… 待并入</source>
        <translation>… to be merged</translation>
    </message>
    <message>
        <source>✓ 已处理</source>
        <translation>✓ settled</translation>
    </message>
    <message>
        <source>两机均作答</source>
        <translation>answered at both</translation>
    </message>
    <message>
        <source>仅该机作答</source>
        <translation>answered there only</translation>
    </message>
    <message>
        <source>已有</source>
        <translation>here already</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>△ 未经证明（自称 %1）</source>
        <translation>△ not proved (says it is %1)</translation>
    </message>
    <message>
        <source>机位 %1：把考试机 %2 上的作答并入，作为最后的作答。原有记录全部保留。</source>
        <translation>Seat %1: merge the answers of station %2 as the last ones. Every earlier entry stays.</translation>
    </message>
    <message>
        <source>机位 %1：以服务器已有的作答为准，考试机 %2 上的分支另存备查。</source>
        <translation>Seat %1: the server&apos;s answers stand; the branch of station %2 stays kept aside.</translation>
    </message>
    <message>
        <source>裁定理由（必填，将记入台账）</source>
        <translation>Reason (needed, recorded)</translation>
    </message>
    <message>
        <source>已裁定</source>
        <translation>Decided</translation>
    </message>
    <message>
        <source>导入 %1 中从考试机复制的作答日志。能接续的按序并入，其余另存待裁定。</source>
        <translation>Take in the journals copied to %1. What continues is merged by sequence, the rest is kept aside.</translation>
    </message>
    <message>
        <source>没有签名、无法证明来源的数据也一并导入。</source>
        <translation> What has no signature to prove where it came from is taken in too.</translation>
    </message>
    <message>
        <source>有未经证明的数据，未全部导入</source>
        <translation>Not all was taken in: some is not proved</translation>
    </message>
    <message>
        <source>没有可导入的日志</source>
        <translation>No journal could be taken in</translation>
    </message>
    <message>
        <source>；%1 条未经证明，已另存待裁定</source>
        <translation>; %1 not proved, kept aside for two people</translation>
    </message>
    <message>
        <source>；该导出没有完成，或其签名说明已丢失</source>
        <translation>; the export was cut short, or its signed statement is gone</translation>
    </message>
    <message>
        <source>✓ 已验签</source>
        <translation>✓ signed</translation>
    </message>
    <message>
        <source>△ 签名考试机已吊销</source>
        <translation>△ signed by a station revoked since</translation>
    </message>
    <message>
        <source>△ 无签名</source>
        <translation>△ no signature</translation>
    </message>
    <message>
        <source>✗ 有未签名的改动</source>
        <translation>✗ altered behind the signature</translation>
    </message>
    <message>
        <source>✗ 他机签名</source>
        <translation>✗ signed by another station</translation>
    </message>
    <message>
        <source>✗ 签名者不明</source>
        <translation>✗ signed by nobody of this venue</translation>
    </message>
    <message>
        <source>✗ 签名无效</source>
        <translation>✗ the signature does not verify</translation>
    </message>
    <message>
        <source>（不明）</source>
        <translation>(not known)</translation>
    </message>
    <message>
        <source>%1（%2）</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>%1：不是本考点的作答，未导入</source>
        <translation>%1: not of this venue, not taken in</translation>
    </message>
    <message>
        <source>%1：场次已密封，未导入；须先重新密封</source>
        <translation>%1: the session is sealed, not taken in; begin sealing anew first</translation>
    </message>
    <message>
        <source>%1：日志或其密钥无法读取，未导入</source>
        <translation>%1: the journal or its key cannot be read, not taken in</translation>
    </message>
    <message>
        <source>%1：未并入作答</source>
        <translation>%1: no answer was merged</translation>
    </message>
    <message>
        <source>%1：日志 %2 条，服务器 %3 → %4 条，另存 %5 条</source>
        <translation>%1: journal %2, server %3 → %4, kept aside %5</translation>
    </message>
    <message>
        <source>原因（普通文件夹、未经证明的数据必填）</source>
        <translation>Reason (needed for a plain folder, and for what is not proved)</translation>
    </message>
    <message>
        <source>无签名的（裸盘、未完成的导出）或签名考试机已吊销的数据，不勾选不导入；与签名不符的作答一律另存待裁定。</source>
        <translation>Without the tick, nothing is taken in that has no signature (a bare disk, an export cut short) or that of a station revoked since. Answers that do not fit their signature are always kept aside for two people.</translation>
    </message>
    <message>
        <source>已导入</source>
        <translation>Taken in</translation>
    </message>
    <message>
        <source>已导入，有日志不完整</source>
        <translation>Taken in; some journal is not whole</translation>
    </message>
    <message>
        <source>；日志缺第 %1 至 %2 条（服务器已有）</source>
        <translation>; the journal lacks %1 to %2 (the server has them)</translation>
    </message>
    <message>
        <source>；第 %1 条已丢失</source>
        <translation>; %1 lost</translation>
    </message>
    <message>
        <source>换机记录</source>
        <translation>Swaps</translation>
    </message>
    <message>
        <source>作答分支</source>
        <translation>Branches of answers</translation>
    </message>
    <message>
        <source>同一应试人员在两台机器上的作答，交卷后由主考和系统管理员裁定；裁定前不能密封。</source>
        <translation>One candidate&apos;s answers from two machines: the chief and an administrator decide after the hand-in; nothing is sealed before.</translation>
    </message>
    <message>
        <source>导入单机数据</source>
        <translation>Journals of dead stations</translation>
    </message>
    <message>
        <source>从不能恢复联机的考试机复制的文件夹，或其导出（登记介质，两人）。</source>
        <translation>A folder copied from a station that does not come back, or its export (registered medium, two people).</translation>
    </message>
    <message>
        <source>文件夹（服务器上的路径）</source>
        <translation>Folder (path at the server)</translation>
    </message>
</context>
<context>
    <name>Texts</name>
    <message>
        <source>空机位</source>
        <translation>Empty</translation>
    </message>
    <message>
        <source>未到</source>
        <translation>Not here</translation>
    </message>
    <message>
        <source>已入场</source>
        <translation>Admitted</translation>
    </message>
    <message>
        <source>未登录</source>
        <translation>No log-in</translation>
    </message>
    <message>
        <source>已登录</source>
        <translation>Logged in</translation>
    </message>
    <message>
        <source>等待</source>
        <translation>Waiting</translation>
    </message>
    <message>
        <source>答题中</source>
        <translation>Answering</translation>
    </message>
    <message>
        <source>断线</source>
        <translation>Offline</translation>
    </message>
    <message>
        <source>已交卷</source>
        <translation>Handed in</translation>
    </message>
    <message>
        <source>已离场</source>
        <translation>Left</translation>
    </message>
    <message>
        <source>缺考</source>
        <translation>Absent</translation>
    </message>
    <message>
        <source>异常</source>
        <translation>Trouble</translation>
    </message>
    <message>
        <source>立即</source>
        <translation>Now</translation>
    </message>
    <message>
        <source>尽快</source>
        <translation>Soon</translation>
    </message>
    <message>
        <source>留意</source>
        <translation>Note</translation>
    </message>
    <message>
        <source>自 %1</source>
        <translation>since %1</translation>
    </message>
    <message>
        <source>有人在其他机位用此准考证号登录</source>
        <translation>Somebody tried to log in with this ticket at another seat</translation>
    </message>
    <message>
        <source>作答中断线</source>
        <translation>Offline while answering</translation>
    </message>
    <message>
        <source>作答未同步到服务器：%1 条</source>
        <translation>Answers not at the server: %1</translation>
    </message>
    <message>
        <source>举手</source>
        <translation>Raised hand</translation>
    </message>
    <message>
        <source>应试人员称屏幕信息不是本人</source>
        <translation>Candidate says the details are not theirs</translation>
    </message>
    <message>
        <source>身份存疑，须两名监考人员核对</source>
        <translation>Identity in doubt: two invigilators must compare</translation>
    </message>
    <message>
        <source>考试机没有已校验的试卷</source>
        <translation>Station has no verified paper</translation>
    </message>
    <message>
        <source>已开考，仍未登录</source>
        <translation>Exam started, not logged in</translation>
    </message>
    <message>
        <source>在场监考人员 %1 名，至少须 2 名</source>
        <translation>%1 invigilators present, at least 2 required</translation>
    </message>
    <message>
        <source>，已知 %1 条未同步</source>
        <translation>, %1 answers known unsynced</translation>
    </message>
    <message>
        <source>开考</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>禁止入场</source>
        <translation>Doors close</translation>
    </message>
    <message>
        <source>封闭至</source>
        <translation>Closed until</translation>
    </message>
    <message>
        <source>考试结束</source>
        <translation>End</translation>
    </message>
    <message>
        <source>与服务器的连接已断开</source>
        <translation>No connection to the server</translation>
    </message>
    <message>
        <source>本人角色无权执行此操作</source>
        <translation>Your role may not do that</translation>
    </message>
    <message>
        <source>巡视账号只能查看</source>
        <translation>An inspector may only look</translation>
    </message>
    <message>
        <source>不在本人责任考场范围内</source>
        <translation>Outside your rooms</translation>
    </message>
    <message>
        <source>已经完成</source>
        <translation>Already done</translation>
    </message>
    <message>
        <source>没有场次</source>
        <translation>No session</translation>
    </message>
    <message>
        <source>尚未到入场时间</source>
        <translation>Admission is not open yet</translation>
    </message>
    <message>
        <source>本场考试已结束</source>
        <translation>The session is over</translation>
    </message>
    <message>
        <source>尚未交卷，或交卷尚未得到服务器确认</source>
        <translation>Not handed in, or not yet acknowledged by the server</translation>
    </message>
    <message>
        <source>请先选中一个机位</source>
        <translation>Select a seat first</translation>
    </message>
    <message>
        <source>试卷包尚未接收完整</source>
        <translation>The package is not complete yet</translation>
    </message>
    <message>
        <source>本场考试尚未结束</source>
        <translation>The session is not over yet</translation>
    </message>
    <message>
        <source>作答数据尚未核对一致</source>
        <translation>The answers are not reconciled yet</translation>
    </message>
    <message>
        <source>尚无经校验的备份</source>
        <translation>No verified backup yet</translation>
    </message>
    <message>
        <source>尚未密封</source>
        <translation>Not sealed yet</translation>
    </message>
    <message>
        <source>未取得上报回执</source>
        <translation>No upload receipt yet</translation>
    </message>
    <message>
        <source>应考 ≠ 实考 + 缺考</source>
        <translation>scheduled ≠ present + absent</translation>
    </message>
    <message>
        <source>机位上的人数与应考人数不符</source>
        <translation>seats shown do not add up to scheduled</translation>
    </message>
    <message>
        <source>实考人数多于应考人数</source>
        <translation>more present than scheduled</translation>
    </message>
    <message>
        <source>主考</source>
        <translation>Chief invigilator</translation>
    </message>
    <message>
        <source>副主考</source>
        <translation>Deputy chief</translation>
    </message>
    <message>
        <source>监考人员</source>
        <translation>Invigilator</translation>
    </message>
    <message>
        <source>流动监考</source>
        <translation>Roving invigilator</translation>
    </message>
    <message>
        <source>系统管理员</source>
        <translation>System administrator</translation>
    </message>
    <message>
        <source>巡视</source>
        <translation>Inspector</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>正式考试</source>
        <translation>LIVE EXAMINATION</translation>
    </message>
    <message>
        <source>试考（演练），不是正式考试</source>
        <translation>REHEARSAL, not a live examination</translation>
    </message>
    <message>
        <source>练习，不是正式考试</source>
        <translation>PRACTICE, not a live examination</translation>
    </message>
    <message>
        <source>总部</source>
        <translation>headquarters</translation>
    </message>
    <message>
        <source>本机时钟</source>
        <translation>own clock</translation>
    </message>
    <message>
        <source>仅系统时钟</source>
        <translation>system clock only</translation>
    </message>
    <message>
        <source>守时</source>
        <translation>holdover</translation>
    </message>
    <message>
        <source>时间有疑</source>
        <translation>time suspect</translation>
    </message>
    <message>
        <source>今日未连接</source>
        <translation>never connected today</translation>
    </message>
    <message>
        <source>在线</source>
        <translation>online</translation>
    </message>
    <message>
        <source>没有</source>
        <translation>none</translation>
    </message>
    <message>
        <source>密文已校验</source>
        <translation>ciphertext verified</translation>
    </message>
    <message>
        <source>已收到密钥</source>
        <translation>key received</translation>
    </message>
    <message>
        <source>已打开</source>
        <translation>open</translation>
    </message>
    <message>
        <source>已清除</source>
        <translation>Wiped</translation>
    </message>
    <message>
        <source>提前交卷</source>
        <translation>early hand-in</translation>
    </message>
    <message>
        <source>到时自动交卷</source>
        <translation>automatic hand-in</translation>
    </message>
    <message>
        <source>强制交卷</source>
        <translation>forced hand-in</translation>
    </message>
    <message>
        <source>居民身份证</source>
        <translation>Resident identity card</translation>
    </message>
    <message>
        <source>社会保障卡</source>
        <translation>Social security card</translation>
    </message>
    <message>
        <source>外国人永久居留证</source>
        <translation>Foreigner&apos;s permanent residence card</translation>
    </message>
    <message>
        <source>其他有效证件</source>
        <translation>Other valid document</translation>
    </message>
    <message>
        <source>准考证号</source>
        <translation>Ticket no.</translation>
    </message>
    <message>
        <source>证件号码</source>
        <translation>ID number</translation>
    </message>
    <message>
        <source>查验身份证件</source>
        <translation>identity check</translation>
    </message>
    <message>
        <source>查验准考证</source>
        <translation>ticket check</translation>
    </message>
    <message>
        <source>证件号码校验位不符，请核对是否录错</source>
        <translation>The ID number&apos;s check character does not fit; check for typing errors</translation>
    </message>
    <message>
        <source>居民身份证号码应为18位</source>
        <translation>A resident identity number has 18 characters</translation>
    </message>
    <message>
        <source>已过禁止入场时间：提交后服务器将拒绝并记录迟到</source>
        <translation>Admission is closed: the server will refuse and record the late arrival</translation>
    </message>
    <message>
        <source>请输入第二人的账号</source>
        <translation>Enter the second person&apos;s account</translation>
    </message>
    <message>
        <source>请输入第二人的密码</source>
        <translation>Enter the second person&apos;s password</translation>
    </message>
    <message>
        <source>须由另一名人员签名</source>
        <translation>Another person must sign</translation>
    </message>
    <message>
        <source>实考</source>
        <translation>Present</translation>
    </message>
    <message>
        <source>终止考试</source>
        <translation>terminated</translation>
    </message>
    <message>
        <source>迟到，禁止入场</source>
        <translation>late, refused</translation>
    </message>
    <message>
        <source>✓ 正常</source>
        <translation>✓ good</translation>
    </message>
    <message>
        <source>… 等待</source>
        <translation>… waiting</translation>
    </message>
    <message>
        <source>✕ 异常</source>
        <translation>✕ bad</translation>
    </message>
    <message>
        <source>✓ 已接收</source>
        <translation>✓ accepted</translation>
    </message>
    <message>
        <source>△ 重复</source>
        <translation>△ duplicate</translation>
    </message>
    <message>
        <source>✕ 拒绝</source>
        <translation>✕ refused</translation>
    </message>
    <message>
        <source>信息不符</source>
        <translation>details rejected</translation>
    </message>
    <message>
        <source>重复登录</source>
        <translation>duplicate log-in</translation>
    </message>
    <message>
        <source>考试机磁盘无法写入，请换机</source>
        <translation>Station cannot write to its disk: swap it</translation>
    </message>
    <message>
        <source>考试机有一份损坏的作答日志已另存</source>
        <translation>A damaged journal was set aside on the station</translation>
    </message>
    <message>
        <source>试卷校验不通过</source>
        <translation>The paper does not verify</translation>
    </message>
    <message>
        <source>收到提前的结束时间，已忽略</source>
        <translation>An earlier end arrived and was ignored</translation>
    </message>
    <message>
        <source>考试窗口失去焦点</source>
        <translation>The exam window lost the focus</translation>
    </message>
    <message>
        <source>考试窗口被遮挡</source>
        <translation>The exam window is hidden</translation>
    </message>
    <message>
        <source>接入了新的显示器</source>
        <translation>A display was added</translation>
    </message>
    <message>
        <source>考试程序重新启动过</source>
        <translation>The exam program was restarted</translation>
    </message>
    <message>
        <source>试题显示组件曾异常退出</source>
        <translation>The item view died and was restored</translation>
    </message>
    <message>
        <source>没有收到答复</source>
        <translation>No answer</translation>
    </message>
    <message>
        <source>连接中断，操作可能已执行。请先核对当前状态，再决定是否重试。</source>
        <translation>The connection broke; the order may have been carried out. Check the present state before trying again.</translation>
    </message>
    <message>
        <source>释放已冻结</source>
        <translation>The release is frozen</translation>
    </message>
    <message>
        <source>试卷已释放</source>
        <translation>The paper is released</translation>
    </message>
    <message>
        <source>考区主任</source>
        <translation>Zone director</translation>
    </message>
    <message>
        <source>该应试人员不在作答，不需换机</source>
        <translation>This candidate is not at work; no swap is needed</translation>
    </message>
    <message>
        <source>考场时间状态不适用此操作</source>
        <translation>Not in the present state of the room&apos;s time</translation>
    </message>
    <message>
        <source>特殊离场</source>
        <translation>Special exit</translation>
    </message>
    <message>
        <source>待批准补时（分钟）</source>
        <translation>Time to be decided (min)</translation>
    </message>
    <message>
        <source>暂离</source>
        <translation>Away</translation>
    </message>
    <message>
        <source>未确认更正通知（号）</source>
        <translation>Correction notice not confirmed (no.)</translation>
    </message>
    <message>
        <source>待批准撤销补时（分钟）</source>
        <translation>taking time back waits for approval (min)</translation>
    </message>
    <message>
        <source>未开考</source>
        <translation>Not held</translation>
    </message>
    <message>
        <source>插入了USB设备</source>
        <translation>A USB device was plugged in</translation>
    </message>
    <message>
        <source>网线断开</source>
        <translation>The network cable is out</translation>
    </message>
    <message>
        <source>网线曾断开，已恢复</source>
        <translation>The network cable was out and is back</translation>
    </message>
    <message>
        <source>出现考试以外的程序</source>
        <translation>A program that is not the exam&apos;s runs</translation>
    </message>
    <message>
        <source>出现禁止的程序</source>
        <translation>A forbidden program runs</translation>
    </message>
    <message>
        <source>作答记录与服务器不一致，已停止发送：勿关机，报系统管理员</source>
        <translation>The answers differ from the server&apos;s, nothing more is sent: do not switch off, tell the administrator</translation>
    </message>
    <message>
        <source>考试机上有其他场次的作答：勿还原，报系统管理员</source>
        <translation>The station holds answers of another sitting: do not restore it, tell the administrator</translation>
    </message>
    <message>
        <source>服务器拒收部分作答，保留在考试机：勿关机，报系统管理员</source>
        <translation>The server refuses some answers, they stay on the station: do not switch off, tell the administrator</translation>
    </message>
    <message>
        <source>有未确认的作答，考试机未清除：勿还原，报系统管理员</source>
        <translation>Unacknowledged answers, the station was not wiped: do not restore it, tell the administrator</translation>
    </message>
    <message>
        <source>交卷被拒绝，作答仍在考试机：报系统管理员</source>
        <translation>Hand-in refused, the answers are on the station: tell the administrator</translation>
    </message>
</context>
<context>
    <name>UploadCard</name>
    <message>
        <source>上报进度</source>
        <translation>Upload progress</translation>
    </message>
    <message>
        <source>合计</source>
        <translation>In all</translation>
    </message>
    <message>
        <source>✓ 全部已上报，回执相符</source>
        <translation>✓ everything is uploaded, the receipts match</translation>
    </message>
    <message>
        <source>合计：总部已确认 %1；近来速度 %2；还需：%3</source>
        <translation>In all: %1 confirmed by headquarters; %2 lately; still to go: %3</translation>
    </message>
</context>
<context>
    <name>ViolationTab</name>
    <message>
        <source>编号</source>
        <translation>No.</translation>
    </message>
    <message>
        <source>机位</source>
        <translation>Seat</translation>
    </message>
    <message>
        <source>姓名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>条款</source>
        <translation>Item</translation>
    </message>
    <message>
        <source>时间</source>
        <translation>Time</translation>
    </message>
    <message>
        <source>签字</source>
        <translation>Signatures</translation>
    </message>
    <message>
        <source>事实</source>
        <translation>Facts</translation>
    </message>
    <message>
        <source>刷新</source>
        <translation>Refresh</translation>
    </message>
    <message>
        <source>记录违纪</source>
        <translation>Record violation</translation>
    </message>
    <message>
        <source>补充到选中记录</source>
        <translation>Add to the selected one</translation>
    </message>
    <message>
        <source>暂扣物品（两人）…</source>
        <translation>Keep an item (two)…</translation>
    </message>
    <message>
        <source>归还物品（两人）…</source>
        <translation>Give it back (two)…</translation>
    </message>
    <message>
        <source>本人已签字</source>
        <translation>Candidate signed</translation>
    </message>
    <message>
        <source>本人拒签（两人）…</source>
        <translation>Refused to sign (two)…</translation>
    </message>
    <message>
        <source>主考签字</source>
        <translation>Chief signs</translation>
    </message>
    <message>
        <source>撤销…</source>
        <translation>Withdraw…</translation>
    </message>
    <message>
        <source>保存记录表…</source>
        <translation>Save form…</translation>
    </message>
    <message>
        <source>终止其考试（两人）…</source>
        <translation>End this sitting (two)…</translation>
    </message>
    <message>
        <source>结果无法显示</source>
        <translation>The result cannot be shown</translation>
    </message>
    <message>
        <source>已撤销</source>
        <translation>withdrawn</translation>
    </message>
    <message>
        <source>签字齐全</source>
        <translation>all signed</translation>
    </message>
    <message>
        <source>待本人签字</source>
        <translation>candidate to sign</translation>
    </message>
    <message>
        <source>待主考签字</source>
        <translation>chief to sign</translation>
    </message>
    <message>
        <source>△ 该条款以提醒为前提：先填提醒时间和提醒人</source>
        <translation>△ This item presupposes a warning: say when and by whom</translation>
    </message>
    <message>
        <source>✓ 该条款不以提醒为前提</source>
        <translation>✓ No warning is presupposed</translation>
    </message>
    <message>
        <source>时间应写作 09:12 或 09:12:30</source>
        <translation>Write a time as 09:12 or 09:12:30</translation>
    </message>
    <message>
        <source>已记录</source>
        <translation>Recorded</translation>
    </message>
    <message>
        <source>应试人员已在收据上签字</source>
        <translation>The candidate signed the receipt</translation>
    </message>
    <message>
        <source>物品编号</source>
        <translation>Item no.</translation>
    </message>
    <message>
        <source>物品</source>
        <translation>Item</translation>
    </message>
    <message>
        <source>暂扣物品，开具收据。两名考务人员签名。</source>
        <translation>The item is kept against a receipt. Two members of staff sign.</translation>
    </message>
    <message>
        <source>归还暂扣物品。两名考务人员签名。</source>
        <translation>The item is given back. Two members of staff sign.</translation>
    </message>
    <message>
        <source>应试人员拒绝在记录表上签字，由两名考务人员证明。</source>
        <translation>The candidate refuses to sign the form; two members of staff say so.</translation>
    </message>
    <message>
        <source>撤销 %1</source>
        <translation>Withdraw %1</translation>
    </message>
    <message>
        <source>撤销须有新的证据或法定依据。原记录保留，写明撤销依据。</source>
        <translation>Withdrawing needs new evidence or a legal basis. The record stays; give the reference.</translation>
    </message>
    <message>
        <source>撤销</source>
        <translation>Withdraw</translation>
    </message>
    <message>
        <source>终止 %1 继续参加考试，考试机立即锁定。此前的作答照常密封，不会删除。</source>
        <translation>End the exam of %1: the station is locked at once. Answers so far are sealed as usual, nothing is deleted.</translation>
    </message>
    <message>
        <source>事由</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>发生时间</source>
        <translation>Happened</translation>
    </message>
    <message>
        <source>提醒时间</source>
        <translation>Warned at</translation>
    </message>
    <message>
        <source>提醒人</source>
        <translation>Warned by</translation>
    </message>
    <message>
        <source>地点</source>
        <translation>Place</translation>
    </message>
    <message>
        <source>证据（用分号隔开）</source>
        <translation>Evidence (separate by ;)</translation>
    </message>
    <message>
        <source>本人陈述</source>
        <translation>Statement</translation>
    </message>
    <message>
        <source>监控编号</source>
        <translation>Camera</translation>
    </message>
    <message>
        <source>监控时间</source>
        <translation>Video time</translation>
    </message>
    <message>
        <source>应试人员</source>
        <translation>Candidate</translation>
    </message>
    <message>
        <source>涉嫌条款</source>
        <translation>Suggested item</translation>
    </message>
    <message>
        <source>只记事实；认定和处理由考试机构作出</source>
        <translation>Facts only; the examination authority decides</translation>
    </message>
    <message>
        <source>违纪记录</source>
        <translation>Violations</translation>
    </message>
</context>
<context>
    <name>VisitorsTab</name>
    <message>
        <source>编号</source>
        <translation>No.</translation>
    </message>
    <message>
        <source>姓名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>单位</source>
        <translation>Unit</translation>
    </message>
    <message>
        <source>事由</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>批准人</source>
        <translation>Approved by</translation>
    </message>
    <message>
        <source>进出时间</source>
        <translation>In and out</translation>
    </message>
    <message>
        <source>状态</source>
        <translation>State</translation>
    </message>
    <message>
        <source>进入考场的事由</source>
        <translation>Why they enter</translation>
    </message>
    <message>
        <source>批准进入本考场</source>
        <translation>Approve this room</translation>
    </message>
    <message>
        <source>登记进入</source>
        <translation>Entered</translation>
    </message>
    <message>
        <source>登记离开</source>
        <translation>Left</translation>
    </message>
    <message>
        <source>其他人员未经批准一律不得进入考场：由主考或副主考批准，监考人员登记进出。</source>
        <translation>Nobody else enters without approval: the chief or a deputy approves, the invigilators record in and out.</translation>
    </message>
    <message>
        <source>已批准</source>
        <translation>Approved</translation>
    </message>
    <message>
        <source>已登记</source>
        <translation>Recorded</translation>
    </message>
</context>
<context>
    <name>WriteDialog</name>
    <message>
        <source>保存</source>
        <translation>Save</translation>
    </message>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>内容</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>变更说明（必填，将记入台账）</source>
        <translation>Why it changes (required, goes into the ledger)</translation>
    </message>
    <message>
        <source>保存后，已有签名全部作废，须重新签署。</source>
        <translation>Saving voids every signature; the record must be signed again.</translation>
    </message>
</context>
</TS>
