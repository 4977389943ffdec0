"""Other people's machines: who lets them in, what they may do, and how they are told of news.

Knows neither articles nor products: scopes and events are opaque keys that the doors above give a meaning.
"""
