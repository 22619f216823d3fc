"""Numbers only: grouped splits, measures, thresholds, calibration, intervals and paired tests.

Nothing here knows images or models: any scores can be given to it. What is done to images, to see
what a model goes by, is in `featurex.challenges`.
"""
