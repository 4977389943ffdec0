"""How does a WordPress site move here: links first, then pictures, then posts with what readers said under them?"""
