print("firserver")
