"""Players who were forgotten, known again by keyed digest when they come back. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyroaring import BitMap

from segctl.base.digest import keyed_digest


class Returning:
    """`numbers` says of who came back which number they have now; `met` are those that this run saw come back.

    Only ids that no number is known of are asked about, and only while somebody is `awaited`.
    """

    def __init__(self, secret: bytes, forgotten: Mapping[str, int | None]) -> None:
        """`forgotten` is by keyed digest; None for who has not come back yet."""
        self._secret = secret
        self.awaited = {player for player, number in forgotten.items() if number is None}
        self.numbers = {player: number for player, number in forgotten.items() if number is not None}
        self.met: dict[str, int] = {}

    def meet(self, ids: Iterable[str], first: int) -> None:
        """New players, the first of whom has the number `first`."""
        for number, player_id in enumerate(ids, first):
            if not self.awaited:
                return
            player = keyed_digest(self._secret, player_id)
            if player in self.awaited:
                self.awaited.remove(player)
                self.numbers[player] = self.met[player] = number

    def of(self, players: Iterable[str]) -> BitMap:
        """The numbers of those of these who have come back."""
        return BitMap([self.numbers[player] for player in players if player in self.numbers])


NOBODY_FORGOTTEN = Returning(b"", {})
