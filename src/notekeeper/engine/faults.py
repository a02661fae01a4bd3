"""What can go wrong in a worker, as codes, and the errors a therapist reads for them.

What always holds: a fault crosses the pipe as a code and, at most, a number of tokens. No
exception's own text is passed on, because llama.cpp puts the text it could not tokenize into its message.
"""

from enum import StrEnum

from notekeeper.errors import CancelledError, EngineCrashedError, EngineError, EngineMissingError, ModelRefusedError

INSTALL_HINT = 'pip install "notekeeper[engine]" (in a source checkout: make setup)'


class Code(StrEnum):
    """The kinds of fault a worker may report."""

    REFUSED = "refused"
    WEIGHTS_MISSING = "weights-missing"
    PACKAGE_BROKEN = "package-broken"
    CANCELLED = "cancelled"
    TOO_LONG = "too-long"
    GRAMMAR = "grammar"
    FORMAT = "format"
    LOADING = "loading"
    MEMORY = "memory"
    PROTOCOL = "protocol"
    FAILED = "failed"


class FaultError(Exception):
    """Raised inside a worker. `detail` is a number of tokens or empty, never text of a note."""

    def __init__(self, code: Code, detail: str = "") -> None:
        super().__init__(code.value)
        self.code = code
        self.detail = detail


def error_for(code: Code, detail: str, name: str) -> EngineError:
    """The error a therapist meets for a fault of the model `name`: what happened, what is safe, what to do."""
    safe = "Your notes and drafts are untouched."
    match code:
        case Code.REFUSED:
            return refused(name)
        case Code.WEIGHTS_MISSING:
            return weights_missing(name)
        case Code.PACKAGE_BROKEN:
            return EngineMissingError(
                f"The packages that run {name} are installed but cannot be loaded. {safe} "
                f"Install them again: {INSTALL_HINT}"
            )
        case Code.CANCELLED:
            return cancelled()
        case Code.TOO_LONG:
            return EngineError(
                f"This part of the note is longer than the model {name} can read at once ({detail} tokens). {safe} "
                "Choose a model with a larger window, or write the note in shorter parts."
            )
        case Code.GRAMMAR:
            return EngineError(
                f"The form asked of the model {name} cannot be used, so nothing was drafted. {safe} "
                "This is a fault in notekeeper: please report it, without the note."
            )
        case Code.FORMAT:
            return EngineError(
                f"The vocabulary of {name} does not hold the markers of its prompt format. {safe} "
                "Choose another model: notekeeper models list."
            )
        case Code.LOADING:
            return EngineError(f"The model {name} could not be loaded. {safe} Check it with: notekeeper models verify")
        case Code.MEMORY:
            return EngineError(
                f"There is not enough memory for {name}. {safe} Close other programs or choose a smaller model."
            )
        case Code.PROTOCOL | Code.FAILED:
            return EngineError(f"The model {name} could not do this piece of work. {safe} Try again.")


def crashed(name: str) -> EngineCrashedError:
    """The worker ended, or broke the protocol; the next request starts it again."""
    return EngineCrashedError(
        f"The process that runs {name} stopped unexpectedly. Your notes and drafts are untouched. "
        "Try again: it is started anew."
    )


def silent(name: str, seconds: float) -> EngineCrashedError:
    """No sign of life within the limit; the worker was ended."""
    return EngineCrashedError(
        f"The process that runs {name} gave no sign of life for {seconds:.0f} seconds and was ended. "
        "Your notes and drafts are untouched. Try again: it is started anew."
    )


def cancelled() -> CancelledError:
    """The therapist stopped the work."""
    return CancelledError("Drafting was stopped. Your notes and drafts are untouched.")


def refused(name: str) -> ModelRefusedError:
    """A file is not the one the catalogue names; no model library has opened it."""
    return ModelRefusedError(
        f"A file of {name} is not the one the catalogue names, so it was not used. Your notes are safe. "
        f"Replace it: notekeeper models fetch {_wanted(name)}, or notekeeper models add FILE."
    )


def weights_missing(name: str) -> EngineMissingError:
    """The files of a model are not in the models folder."""
    return EngineMissingError(
        f"The files of {name} are not on this computer yet. Notes can be written, signed and reported without them. "
        f"To get them, run: notekeeper models fetch {_wanted(name)}"
    )


def package_missing(package: str) -> EngineMissingError:
    """A Python package that a worker needs is not installed."""
    return EngineMissingError(
        f"Drafting needs the package {package}, which is not installed. Notes can be written, signed and reported "
        f"without it. To install it, run: {INSTALL_HINT}"
    )


def _wanted(name: str) -> str:
    return "starter" if name.startswith("starter-") else name
