"""Extractors that are broken in one way each, by the one check of the battery that must fail."""

import numpy as np

from featurex.errors import ParameterError
from featurex.features import ZoneHistogram
from tests import battery


class Misnamed(ZoneHistogram):
    def _columns(self, shape):
        return ["other" + name for name in super()._columns(shape)]


class OneNameShort(ZoneHistogram):
    def get_feature_names_out(self, input_features=None):
        return super().get_feature_names_out()[:-1]


class Constant(ZoneHistogram):
    def _fill(self, plan, image, inside, out):
        out[:] = 1.0


class Remembering(ZoneHistogram):
    def transform(self, X):
        self.n_calls = getattr(self, "n_calls", 0) + 1
        return super().transform(X) + self.n_calls


class CountingImages(ZoneHistogram):
    def transform(self, X):
        return super().transform(X) + len(X)


class Modifying(ZoneHistogram):
    def __init__(self, grids=(1, 2), bins=(8, 8), scale="root", size=None):
        super().__init__(grids, bins, scale, size)

    def _fill(self, plan, image, inside, out):
        super()._fill(plan, image, inside, out)
        image[0, 0] = image[1, 2]


class RefusingTypes(ZoneHistogram):
    def transform(self, X):
        if getattr(X, "dtype", None) == np.float16:
            raise ParameterError("images must be float32")
        return super().transform(X)


class PreferringRegions(ZoneHistogram):
    def _fill(self, plan, image, inside, out):
        super()._fill(plan, image, inside, out)
        out[0] += inside is None


class Converting(ZoneHistogram):
    def __init__(self, grids=(1, 2), bins=(8, 8), scale="root", size=96):
        super().__init__(list(grids), bins, scale, size)


class Trusting(ZoneHistogram):
    def _check(self):
        return ZoneHistogram(self.grids, self.bins, "root")._check()


class Lenient(ZoneHistogram):
    def fit_transform(self, X, y=None):
        try:
            return super().fit_transform(X)
        except ParameterError as error:
            if "finite" in str(error):
                return np.zeros((len(X), 1), np.float32)
            raise


class Leaking(Modifying):
    def _fill(self, plan, image, inside, out):
        ZoneHistogram._fill(self, plan, image, None, out)


class IgnoringLostRegions(ZoneHistogram):
    def _prepare_image(self, image, inside):
        try:
            return super()._prepare_image(image, inside)
        except ParameterError:
            return super()._prepare_image(image, None)


BROKEN = {
    Misnamed: battery.check_names,
    OneNameShort: battery.check_names,
    Constant: battery.check_values,
    Remembering: battery.check_stateless,
    CountingImages: battery.check_batch_equals_single,
    Modifying: battery.check_input_is_not_modified,
    RefusingTypes: battery.check_rarer_types,
    PreferringRegions: battery.check_full_region_equals_none,
    Converting: battery.check_scikit_learn,
    Trusting: battery.check_parameters_are_checked,
    Lenient: battery.check_images_are_checked,
    Leaking: battery.check_outside_never_matters,
    IgnoringLostRegions: battery.check_a_region_that_resizing_loses_is_named,
}
