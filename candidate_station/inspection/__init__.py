"""The station's own part of 封场检测: is this machine fit to be sat at?"""
