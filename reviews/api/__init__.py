"""Which doors do articles, readers' words, scores and reports have for machines?"""
