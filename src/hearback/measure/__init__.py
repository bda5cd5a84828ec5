"""Stage five of the loop: did it help?"""
