"""Where the mean chest lies in images."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Registration:
    """Where the mean chest lies in each image.

    Parameters
    ----------
    matrices : float array, shape (n, 2, 3)
        Affine maps from a point (x, y, 1) of the mean chest to a point (x, y) of the image, in
        units of the image's side: 0 is the left or top edge, 1 the right or bottom.
    failed : bool array, shape (n,)
        True where no plausible map was found; the matrix is then the identity.

    Notes
    -----
    Indexing with a slice or an array gives the registration of those images.
    """

    matrices: np.ndarray
    failed: np.ndarray

    def __len__(self):
        return len(self.failed)

    def __getitem__(self, rows):
        return Registration(self.matrices[rows], self.failed[rows])

    @staticmethod
    def concatenate(parts):
        """Join the registrations of several stacks.

        Parameters
        ----------
        parts : sequence of Registration
            At least one.

        Returns
        -------
        registration : Registration
            Of all their images, in their order.
        """
        return Registration(
            np.concatenate([part.matrices for part in parts]),
            np.concatenate([part.failed for part in parts]),
        )

    @staticmethod
    def none():
        """Make the registration of no image at all."""
        return Registration(np.zeros((0, 2, 3)), np.zeros(0, bool))
