print("convo-bench")
