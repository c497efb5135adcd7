"""N03 (AB角): every step that moves data carries two names, and B can step in for A, recorded."""

from typing import Any

from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.wire.console_orders import UploadSession
from venue_server.wire.intake_orders import CloseReceipt, FetchPackages, ImportFolder, OpenReceipt
from venue_server.wire.names import Role
from venue_server.wire.people_orders import Delegate, DisableAccount
from venue_server.wire.refusals import RefusalCode


async def test_n03_what_comes_in_carries_the_names_of_the_two(world: Any, kit: Any) -> None:
    a, b = await world.console(kit.ADMIN), await world.console(kit.ADMIN_B)
    deputy, chief = await world.console(kit.DEPUTY), await world.console(kit.CHIEF)
    await world.plan(a)
    world.go(kit.DAY.at(-60))
    folder = ImportFolder(0, str(world.medium(5, 1)))
    assert await a.refused(folder) is RefusalCode.RECEIPT_NOT_OPEN
    await a.order(OpenReceipt(0, SESSION_ID, world.second(kit.CHIEF)))
    assert (await a.order(folder))["have"] == [1, 5]
    (manifest,) = world.events("paper.manifest-accepted")
    assert manifest["actor"] == f"{kit.ADMIN},{kit.CHIEF}"
    assert manifest["roles"] == ["CHIEF", "SYSADMIN"]
    # Nobody else stands between the two, whoever signs with them.
    assert await b.refused(FetchPackages(0)) is RefusalCode.NOT_OF_THE_TWO
    third = FetchPackages(0, world.second(kit.DEPUTY))
    assert await a.refused(third) is RefusalCode.NOT_OF_THE_TWO
    themself = FetchPackages(0, world.second(kit.ADMIN))
    assert await a.refused(themself) is RefusalCode.SAME_PERSON
    # A is called away: B takes the post over, recorded, and goes on with the same chief.
    until = world.now_ms() + 3_600_000
    post = Delegate(
        0, Role.SYSADMIN, kit.ADMIN, kit.ADMIN_B, "A角离岗", world.second(kit.CHIEF), until
    )
    await b.order(post)
    rest = ImportFolder(0, str(world.medium(3)))
    assert (await b.order(rest))["state"] == "COMPLETE"
    last = world.events("paper.fragment-accepted")[-1]
    assert last["actor"] == f"{kit.ADMIN_B},{kit.CHIEF}"
    # The chief's post is away too: the deputy checks, and closes the receipt in their place.
    handed = Delegate(
        0, Role.CHIEF, kit.CHIEF, kit.DEPUTY, "主考离岗", world.second(kit.ADMIN), until
    )
    await chief.order(handed)
    closed = CloseReceipt(0, world.second(kit.DEPUTY))
    assert (await b.order(closed))["state"] == "COMPLETE"
    assert deputy.client.signed_in is not None


async def test_n03_an_upload_needs_the_word_of_two(exam_day: Any, kit: Any) -> None:
    day, world = exam_day, exam_day.world
    for station in day.stations:
        await kit.closing.hand_in(day, station)
    b = await world.console(kit.ADMIN_B)
    upload = UploadSession(0, SESSION_ID)
    assert await b.refused(upload) in (RefusalCode.BACKUP_MISSING, RefusalCode.SESSION_WRONG_STATE)
    await kit.closing.backed_up(day)
    assert await b.refused(upload) is RefusalCode.SESSION_WRONG_STATE, "nobody sealed it"
    await kit.closing.sign_and_seal(day)
    (cleared,) = world.events("upload.cleared")
    assert cleared["actor"] == f"{kit.CHIEF},{kit.ADMIN}"
    # The chief alone is left of the two, and sits at no console of A's.
    gone = DisableAccount(0, kit.ADMIN, "离岗", world.second(kit.DEPUTY))
    await day.chief.order(gone)
    await b.order(upload)
    (begun,) = world.events("upload.begun")
    assert begun["actor"] == f"{kit.ADMIN_B},{kit.CHIEF}"
