"""What does the list of all products show for these filters, and how is the question spelt in its address?"""
