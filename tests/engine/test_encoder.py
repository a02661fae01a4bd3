"""The sentence encoder in its worker: unit vectors that depend on the text alone."""

import os
import signal
import sys
import threading

import numpy as np
import pytest

from notekeeper.domain.engine import Progress
from notekeeper.engine.client import EncoderClient
from notekeeper.errors import CancelledError, EngineCrashedError

from .invented import SENTENCES

MANY = tuple(f"{sentence} ({place})" for place in range(12) for sentence in SENTENCES)


def test_vectors_have_length_one_and_rows_in_order(encoder: EncoderClient) -> None:
    seen: list[Progress] = []
    vectors = encoder.encode(MANY, seen.append)
    assert vectors.shape == (len(MANY), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    reading = [progress.done for progress in seen if progress.stage == "reading"]
    assert reading == sorted(reading)
    assert reading[-1] == len(MANY)


def test_near_sentences_lie_nearer(encoder: EncoderClient) -> None:
    rent, money, lake = encoder.encode(
        ["She worries about the rent.", "Money is a worry for her.", "They walked round the lake."]
    )
    assert rent @ money > rent @ lake + 0.2


def test_the_same_texts_have_the_same_vectors_in_any_order(encoder: EncoderClient) -> None:
    """Alone, a text's vector may round otherwise in the last digits, and no more than that."""
    together = encoder.encode(MANY)
    assert np.array_equal(encoder.encode(MANY), together)
    assert np.array_equal(encoder.encode(MANY[::-1])[::-1], together)
    alone = np.vstack([encoder.encode([text]) for text in MANY[:6]])
    np.testing.assert_allclose(alone, together[:6], atol=1e-6)


def test_a_long_text_is_read_to_its_end(encoder: EncoderClient) -> None:
    start = " ".join(["The weather was mild and the room quiet."] * 60)
    plain, ended = encoder.encode([start, f"{start} She hit him with a bottle and ran."])
    assert float(plain @ ended) < 0.999
    assert abs(float(np.linalg.norm(ended)) - 1) < 1e-6


def test_empty_and_odd_texts_have_vectors(encoder: EncoderClient) -> None:
    vectors = encoder.encode(["", " ", "\0", "a\ud800b", "[CLS] [SEP] [MASK]", "x" * 5000])
    assert np.isfinite(vectors).all()
    assert encoder.encode([]).shape[0] == 0


def test_special_tokens_in_a_text_are_words(encoder: EncoderClient) -> None:
    """Were [SEP] taken as the encoder's own, two texts that differ in it alone would be read as one and two parts."""
    named, spelled = encoder.encode(["rent [SEP] lake", "rent [ sep ] lake"])
    assert float(named @ spelled) > 0.999


def test_a_cancel_between_batches_leaves_the_worker_usable(encoder: EncoderClient) -> None:
    before = encoder.encode(SENTENCES)
    pid = encoder.pid
    stop = threading.Event()
    with pytest.raises(CancelledError):
        encoder.encode(MANY * 20, lambda progress: stop.set() if progress.done else None, stop)
    assert np.array_equal(encoder.encode(SENTENCES), before)
    assert encoder.pid == pid


@pytest.mark.skipif(sys.platform == "win32", reason="no signal ends a process that way on Windows")
def test_a_killed_encoder_is_an_error_and_the_next_request_works(
    encoder: EncoderClient, capfd: pytest.CaptureFixture[str]
) -> None:
    before = encoder.encode(SENTENCES)
    assert encoder.pid is not None
    os.kill(encoder.pid, signal.SIGSTOP)
    asked = threading.Timer(0.3, os.kill, (encoder.pid, signal.SIGKILL))
    asked.start()
    with pytest.raises(EngineCrashedError):
        encoder.encode(SENTENCES)
    assert np.array_equal(encoder.encode(SENTENCES), before)
    assert capfd.readouterr() == ("", "")


def test_facts_name_the_weights(encoder: EncoderClient) -> None:
    facts = encoder.facts()
    assert facts.sha256 == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    assert facts.context == 256
