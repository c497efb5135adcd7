<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
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
