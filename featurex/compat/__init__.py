"""Drop-in modules: the signatures and values of other packages, on featurex's kernels."""
