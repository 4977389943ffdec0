"""The same catalogue and advice for language models: tools and resources of the Model Context Protocol.

Everything here reads. Of prices it says what the API may say, and each link tells that it stood with an assistant.
"""
