"""Areas by counting pairs and steps, one at a time."""


def auc(labels, scores):
    """The fraction of (positive, negative) pairs in the right order; ties one half."""
    right = pairs = 0.0
    for label, score in zip(labels, scores, strict=True):
        for other, other_score in zip(labels, scores, strict=True):
            if label and not other:
                pairs += 1
                right += 1.0 if score > other_score else 0.5 if score == other_score else 0.0
    return right / pairs


def average_precision(labels, scores):
    """Σ (R_k - R_(k-1)) P_k, recounting everything at every distinct score."""
    area = recall_before = 0.0
    for threshold in sorted(set(scores), reverse=True):
        called = [
            bool(label) for label, score in zip(labels, scores, strict=True) if score >= threshold
        ]
        recall = sum(called) / sum(labels)
        area += (recall - recall_before) * sum(called) / len(called)
        recall_before = recall
    return area


def youden_threshold(labels, scores):
    """Try every score; of equal J, in integers, the lowest."""
    n_positive = sum(labels)
    n_negative = len(labels) - n_positive
    best = None
    for threshold in sorted(set(scores)):
        true = sum(
            1 for label, score in zip(labels, scores, strict=True) if label and score >= threshold
        )
        false = sum(
            1
            for label, score in zip(labels, scores, strict=True)
            if not label and score >= threshold
        )
        scaled = true * n_negative - false * n_positive
        if best is None or scaled > best[0]:
            best = scaled, threshold
    return best[1]
