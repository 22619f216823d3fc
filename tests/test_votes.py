"""Votes in a benchmark are made of the fits of their members, and equal votes that are fitted."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from featurex.benchmark.fit_jobs import Failure
from featurex.benchmark.fitting import count_fits, fit_and_score
from featurex.benchmark.inputs import choose_swapped
from featurex.benchmark.one_fit import Source, fit_all, fit_fold
from featurex.benchmark.protocol import Protocol
from featurex.engine.store import Memory
from featurex.engine.workers import Threads
from featurex.models import LDA, Logistic, Vote

N, TEST = 60, 12


class Block:
    """Three columns, one of which tells the class; swaps add noise to every other image."""

    others = ("swap", "appearance")
    swapped_rows = np.arange(0, N - TEST, 2)

    def __init__(self):
        generator = np.random.default_rng(0)
        self.labels = generator.integers(2, size=N)
        self.columns = generator.normal(size=(N, 3)) + self.labels[:, None] * [1.5, 0, 0]
        self.noise = generator.normal(size=(len(self.swapped_rows), 3))

    def values(self, rows):
        return self.columns[rows]

    def swapped(self, swap):
        return self.columns[self.swapped_rows] + self.noise * {"swap": 1, "appearance": 2}[swap]


@pytest.fixture(scope="module")
def known():
    block = Block()
    training = np.arange(N) < N - TEST
    samples = SimpleNamespace(
        labels=block.labels,
        patients=np.arange(N).astype(str),
        training=training,
        testing=~training,
        site_folds=[],
    )
    fold = np.arange(N - TEST) % 3
    folds = [(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(3)]
    return block, samples, folds


def score(models, known):
    work = SimpleNamespace(workers=Threads(1), store=Memory())
    done = []
    scores = fit_and_score(models, *known, work, lambda: done.append(None))
    assert len(done) == count_fits(models, len(known[2]))
    return scores, len(done)


def test_a_vote_takes_the_fits_of_its_members(known):
    vote = Vote(estimators=("logistic", "lda"))
    scores, n_fits = score({"vote": vote, "logistic": Logistic()}, known)
    # The logistic regression once for both, and LDA.
    assert n_fits == 2 * 4
    assert list(scores) == ["vote", "logistic"]
    source = Source(known[0], known[1])
    final = fit_all(vote, source)
    assert scores["vote"].test == pytest.approx(final.scores, abs=1e-12)
    values = known[0].values(source.testing)
    expected = final.model.predict_proba(values)
    assert scores["vote"].model.predict_proba(values) == pytest.approx(expected, abs=1e-12)
    assert scores["vote"].fit_s > scores["logistic"].fit_s
    for fold in known[2]:
        fitted = fit_fold(vote, source, fold)
        assert scores["vote"].out_of_fold[fold[1]] == pytest.approx(fitted.scores, abs=1e-12)
        inside = np.isin(known[0].swapped_rows, fold[1])
        for swap, values in fitted.swapped.items():
            assert scores["vote"].swapped[swap][inside] == pytest.approx(values, abs=1e-12)


def test_members_of_other_parameters_are_fitted_beside(known):
    models = {"logistic": Logistic(C=1.0), "vote": Vote(estimators=("logistic",))}
    scores, n_fits = score(models, known)
    assert n_fits == 2 * 4
    assert not np.array_equal(scores["vote"].test, scores["logistic"].test)


def test_a_member_that_fails_takes_its_votes_along(known, monkeypatch):
    monkeypatch.setattr(LDA, "fit", lambda self, X, y: 1 / 0)
    models = {"logistic": Logistic(), "vote": Vote(estimators=("logistic", "lda"))}
    scores, _ = score(models, known)
    assert isinstance(scores["vote"], Failure)
    assert "ZeroDivisionError" in scores["vote"].reason
    assert not isinstance(scores["logistic"], Failure)


def test_of_many_images_whole_patients_of_every_fold_and_kind_are_swapped():
    n_images = 1200
    patients = np.arange(n_images) // 2
    samples = SimpleNamespace(
        training=np.arange(n_images + 10) < n_images,
        strata=np.array(["bacteria", "virus", "normal"], object)[np.arange(n_images + 10) // 2 % 3],
        patients=np.append(patients, np.full(10, -1)),
    )
    fold = patients // 3 % 5
    folds = [(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(5)]
    protocol = Protocol(max_swapped=300)
    rows = choose_swapped(samples, folds, protocol)
    assert len(rows) == 300
    assert np.array_equal(rows, np.flatnonzero(np.isin(patients, patients[rows])))
    groups = np.stack([fold[rows], patients[rows] % 3])
    assert set(np.unique(groups, axis=1, return_counts=True)[1]) == {20}
    assert np.array_equal(rows, choose_swapped(samples, folds, protocol))
    for other in (replace(protocol, max_swapped=1200), replace(protocol, augment=("swap",))):
        assert len(choose_swapped(samples, folds, other)) == n_images
