"""What can be doubtful about lungs that were found."""

INVERTED, NO_LUNGS = "inverted", "no lungs"
