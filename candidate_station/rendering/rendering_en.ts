<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
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
