"""Challenges: what is done to images, or known of them beside their lungs, to see what a model
goes by.

framing swaps how images are framed, disturbances change them as another scanner might, shortcuts
lists what may predict a label without the disease, and controls scores models that see only that.
"""
