"""What is done to images, or known of them beside their lungs, to see what a model lives on."""
