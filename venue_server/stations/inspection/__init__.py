"""封场检测: is everything at the venue as it must be, and does it stay so (C01, C08-C12)?"""
