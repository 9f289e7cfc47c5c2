"""One request: name to addresses, addresses past the guard, head of the answer, within a time."""

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass

from kdbot.web.addresses import AddressGuard, Refusal, Target
from kdbot.web.connection import Connections, OversizedHeadError, StaleConnectionError
from kdbot.web.http_head import LARGEST_HEAD, MalformedAnswerError, Method, ResponseHead
from kdbot.web.resolver import NameServiceError, NoSuchNameError, Resolver
from kdbot.web.verdicts import Mishap


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """No answer, and why."""

    mishap: Mishap
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """A kept connection had gone: nothing was asked, the same is to be asked afresh."""


Answer = ResponseHead | Trouble | Refusal | Stale


class Asker:
    """Ask one target at a time under the address guard; every failure is a value."""

    def __init__(self, resolver: Resolver, connections: Connections, guard: AddressGuard) -> None:
        self._resolver = resolver
        self._connections = connections
        self._guard = guard

    async def ask(self, method: Method, target: Target, *, seconds: float, fresh: bool) -> Answer:
        """Send one request and give what came of it within `seconds`, all included."""
        try:
            async with asyncio.timeout(max(seconds, 0.001)):
                addresses = await self._addresses(target)
                if isinstance(addresses, Refusal):
                    return addresses
                return await self._connections.fetch_head(method, target, addresses, fresh=fresh)
        except StaleConnectionError:
            return Stale()
        except TimeoutError:
            return Trouble(mishap=Mishap.TIMEOUT)
        except NoSuchNameError:
            return Trouble(mishap=Mishap.NO_NAME)
        except NameServiceError:
            return Trouble(mishap=Mishap.NAME_SERVICE)
        except MalformedAnswerError:
            return Trouble(mishap=Mishap.MALFORMED)
        except OversizedHeadError:
            return Trouble(mishap=Mishap.MALFORMED, detail=f"headers over {LARGEST_HEAD} bytes")
        except ssl.SSLError as error:
            return Trouble(mishap=Mishap.TLS, detail=_tls_reason(error))
        except OSError as error:
            return Trouble(mishap=Mishap.CONNECTION, detail=error.strerror or str(error))

    async def _addresses(self, target: Target) -> Sequence[str] | Refusal:
        refusal = self._guard.check_target(target)
        if refusal is not None:
            return refusal
        addresses = await self._resolver.addresses(target.host)
        return self._guard.check_addresses(target, addresses) or addresses


def _tls_reason(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    return (error.reason or "").replace("_", " ").lower()
