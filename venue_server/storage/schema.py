"""Every table of the venue, as SQLAlchemy Core. Migrations in ``migrations/`` build the same.

Instants are exam time in milliseconds since the epoch, UTC. ``ledger`` and ``response`` are
append-only: triggers abort every UPDATE, and every DELETE too (N01).
"""

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

NOT_IN_BACKUPS = "not in backups"
"""Marks a column (``info``) that opens a paper: a backup medium gets the row without it (L10)."""

meta = Table(
    "meta",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", Text, nullable=False),
)

ledger = Table(
    "ledger",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("line", Text, nullable=False),  # the canonical JSON entry, exactly as in the file
    Column("hash", String(64), nullable=False),
)

plan = Table(
    "plan",
    metadata,
    Column("plan_id", String, primary_key=True),
    Column("document", Text, nullable=False),  # the signed document, byte for byte
    Column("imported_at_ms", Integer, nullable=False),
)

staff = Table(
    "staff",
    metadata,
    Column("person_id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("roles", String, nullable=False),  # comma-separated Role values
    Column("rooms", String, nullable=False, default=""),  # comma-separated, empty: all rooms
    Column("password_hash", String, nullable=False),
    Column("failures", Integer, nullable=False, default=0),
    Column("locked_until_ms", Integer, nullable=False, default=0),
    Column("signed_in_at_ms", Integer, nullable=False, default=0),
)

machine = Table(
    "machine",
    metadata,
    Column("machine_id", String, primary_key=True),
    Column("kind", String, nullable=False),  # station or console
    Column("name", String, nullable=False),
    Column("room_id", String, nullable=False, default=""),
    Column("seat_no", String, nullable=False, default=""),
    Column("cert_sha256", String(64), nullable=False, unique=True),
    Column("hpke_public", String, nullable=False, default=""),
    Column("enrolled_at_ms", Integer, nullable=False),
    Column("revoked_at_ms", Integer, nullable=False, default=0),
)

session = Table(
    "session",
    metadata,
    Column("session_id", String, primary_key=True),
    Column("plan_id", String, ForeignKey("plan.plan_id"), nullable=False),
    Column("state", String, nullable=False),
    Column("data_state", String, nullable=False),
    Column("effective_start_ms", Integer),  # null until started
    Column("released_at_ms", Integer),
)

room = Table(
    "room",
    metadata,
    Column("session_id", String, ForeignKey("session.session_id"), primary_key=True),
    Column("room_id", String, primary_key=True),
    Column("login_allowed_at_ms", Integer),
    Column("seal_witnesses", String),  # two persons and a ticket number, comma-separated
)

sitting = Table(
    "sitting",
    metadata,
    Column("sitting_id", String, primary_key=True),
    Column("session_id", String, ForeignKey("session.session_id"), nullable=False),
    Column("room_id", String, nullable=False),
    Column("seat_no", String, nullable=False),
    Column("ticket_no", String, nullable=False),
    Column("state", String, nullable=False),
    Column("machine_id", String, nullable=False, default=""),
    Column("admitted_at_ms", Integer),
    Column("logged_in_at_ms", Integer),
    Column("confirmed_at_ms", Integer),
    Column("rules_ack_at_ms", Integer),
    Column("opened_at_ms", Integer),
    Column("submitted_at_ms", Integer),
    Column("submit_kind", String),
    Column("final_seq", Integer),
    Column("final_head", String(64)),
    Column("exited_at_ms", Integer),
    UniqueConstraint("session_id", "ticket_no"),
)

response = Table(
    "response",
    metadata,
    Column("sitting_id", String, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # AES-256-GCM under the sitting's key
    Column("received_at_ms", Integer, nullable=False),
)

stray = Table(
    "stray",
    metadata,
    Column("stray_id", Integer, primary_key=True, autoincrement=True),
    Column("sitting_id", String, nullable=False),
    Column("machine_id", String, nullable=False),
    Column("code", String, nullable=False),  # why it did not fit
    Column("sealed", LargeBinary, nullable=False),
    Column("received_at_ms", Integer, nullable=False),
)

package = Table(
    "package",
    metadata,
    Column("package_id", String, primary_key=True),
    Column("session_id", String, nullable=False),
    Column("paper_id", String, nullable=False),
    Column("form_id", String, nullable=False),
    Column("manifest", Text, nullable=False),  # the signed document
    Column("state", String, nullable=False),
    Column("ciphertext_sha256", String(64), nullable=False, default=""),
)

fragment = Table(
    "fragment",
    metadata,
    Column("package_id", String, ForeignKey("package.package_id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("file", String, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("received_at_ms", Integer, nullable=False),
    Column("receipt_id", String, nullable=False, default=""),  # the supervised session it came in
)

receipt_session = Table(
    "receipt_session",
    metadata,
    Column("receipt_id", String, primary_key=True),
    Column("session_id", String, nullable=False),
    Column("operator", String, nullable=False),
    Column("supervisor", String, nullable=False),
    Column("opened_at_ms", Integer, nullable=False),
    Column("deadline_ms", Integer, nullable=False),
    Column("closed_at_ms", Integer),
    Column("outcome", String),
)

receipt_signature = Table(
    "receipt_signature",
    metadata,
    Column("session_id", String, primary_key=True),
    Column("content_hash", String(64), primary_key=True),
    Column("person_id", String, nullable=False),
    Column("signed_at_ms", Integer, nullable=False),
)

medium = Table(
    "medium",
    metadata,
    Column("medium_id", String, primary_key=True),  # what the system reads of it (media_io.py)
    Column("kind", String, nullable=False),
    Column("label", String, nullable=False),
    Column("keeper", String, nullable=False),
    Column("user", String, nullable=False),
    Column("valid_from_ms", Integer, nullable=False),
    Column("valid_until_ms", Integer, nullable=False),
    Column("seal_no", String, nullable=False, default=""),
    Column("quantity", Integer, nullable=False, default=1),
    Column("state", String, nullable=False),  # KEPT or OUT
)

custody_step = Table(
    "custody_step",
    metadata,
    Column("step_id", Integer, primary_key=True, autoincrement=True),
    Column("item_id", String, nullable=False),  # a medium's or a package's id
    Column("step", String, nullable=False),
    Column("at_ms", Integer, nullable=False),
    Column("until_ms", Integer),  # of a keepers' shift
    Column("persons", String, nullable=False),  # comma-separated person ids
    Column("supervisor", String, nullable=False, default=""),
    Column("place", String, nullable=False, default=""),
    Column("camera", String, nullable=False, default=""),
    Column("note", Text, nullable=False, default=""),
)

hand_over = Table(
    "hand_over",
    metadata,
    Column("hand_over_id", String, primary_key=True),
    Column("at_ms", Integer, nullable=False),
    Column("document", Text, nullable=False),  # the record as canonical JSON
)

release = Table(
    "release",
    metadata,
    Column("session_id", String, primary_key=True),
    Column("armed_at_ms", Integer),
    Column("armed_by", String),  # two person ids
    Column("released_at_ms", Integer),
)

form_release = Table(
    "form_release",
    metadata,
    Column("session_id", String, primary_key=True),
    Column("paper_id", String, primary_key=True),
    Column("form_id", String, primary_key=True),
    Column("secret", Text, info={NOT_IN_BACKUPS: True}),  # JSON; null after wiping
    Column("way", String, nullable=False),  # token or code
    Column("confirmed_at_ms", Integer),  # headquarters' token agreed with the sealed code (F5)
)

reserve_use = Table(
    "reserve_use",
    metadata,
    Column("session_id", String, primary_key=True),
    Column("room_id", String, primary_key=True),  # empty: every room
    Column("replaces", String, primary_key=True),  # a main form's id; empty: every main form
    Column("paper_id", String, nullable=False),
    Column("form_id", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("approved_by", String, nullable=False),
    Column("way", String, nullable=False),  # document or persons
    Column("approved_at_ms", Integer, nullable=False),
)

release_freeze = Table(
    "release_freeze",
    metadata,
    Column("freeze_id", Integer, primary_key=True, autoincrement=True),
    Column("frozen_at_ms", Integer, nullable=False),
    Column("frozen_by", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("lifted_at_ms", Integer),
    Column("lifted_by", String),
    Column("lift_reason", String),
    Column("reference", String),  # headquarters' reference, where one was given
)

backup_copy = Table(
    "backup_copy",
    metadata,
    Column("session_id", String, primary_key=True),
    Column("target", String, primary_key=True),  # the folder's label
    Column("sha256", String(64), nullable=False),
    Column("device", String, nullable=False),
    Column("verified_at_ms", Integer, nullable=False),
)

record_signature = Table(
    "record_signature",
    metadata,
    Column("session_id", String, primary_key=True),
    Column("room_id", String, primary_key=True),
    Column("person_id", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("signed_at_ms", Integer, nullable=False),
)

bundle = Table(
    "bundle",
    metadata,
    Column("session_id", String, primary_key=True),
    Column("file", String, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sealed_at_ms", Integer, nullable=False),
    Column("sealed_by", String, nullable=False),
    Column("upload_url", String),
    Column("uploaded_at_ms", Integer),
    Column("receipt", Text),  # the signed receipt
)

upload_outbox = Table(
    "upload_outbox",
    metadata,
    Column("session_id", String, ForeignKey("bundle.session_id"), primary_key=True),
    Column("bundle_id", String, nullable=False, unique=True),
    Column("sealed_sittings", Text, nullable=False),  # JSON: what the receipt must list
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_attempt_ms", Integer, nullable=False),
    Column("last_problem", String, nullable=False, default=""),
)

wipe_certificate = Table(
    "wipe_certificate",
    metadata,
    Column("session_id", String, primary_key=True),
    Column("begun_at_ms", Integer, nullable=False),
    Column("persons", String, nullable=False),  # two person ids, comma-separated
    Column("document", Text, nullable=False),  # the certificate as JSON; a draft until it is done
)

time_proposal = Table(
    "time_proposal",
    metadata,
    Column("proposal_id", Integer, primary_key=True, autoincrement=True),
    Column("session_id", String, nullable=False),
    Column("sitting_id", String, nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("measured_ms", Integer, nullable=False),
    Column("evidence", Text, nullable=False),  # the gaps as measured then, JSON
    Column("reason", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("reference", String, nullable=False),  # headquarters', above the cap
    Column("proposed_by", String, nullable=False),
    Column("proposed_at_ms", Integer, nullable=False),
)

time_decision = Table(
    "time_decision",
    metadata,
    Column("proposal_id", Integer, primary_key=True),
    Column("approved", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("decided_by", String, nullable=False),
    Column("decided_at_ms", Integer, nullable=False),
)

link_gap = Table(
    "link_gap",
    metadata,
    Column("gap_id", Integer, primary_key=True, autoincrement=True),
    Column("session_id", String, nullable=False),
    Column("sitting_id", String, ForeignKey("sitting.sitting_id"), nullable=False),
    Column("machine_id", String, nullable=False),
    Column("cause", String, nullable=False),  # LINK or SERVER
    Column("last_seen_ms", Integer, nullable=False),
    Column("back_at_ms", Integer),
)

reopening = Table(
    "reopening",
    metadata,
    Column("reopening_id", Integer, primary_key=True, autoincrement=True),
    Column("session_id", String, nullable=False),
    Column("sitting_id", String, nullable=False),
    Column("submitted_at_ms", Integer, nullable=False),  # the hand-in that was undone
    Column("submit_kind", String, nullable=False),
    Column("final_seq", Integer, nullable=False),
    Column("final_head", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("persons", String, nullable=False),  # two person ids, comma-separated
    Column("reopened_at_ms", Integer, nullable=False),
)

special_exit = Table(
    "special_exit",
    metadata,
    Column("sitting_id", String, primary_key=True),
    Column("session_id", String, nullable=False),
    Column("cause", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("persons", String, nullable=False),
    Column("exited_at_ms", Integer, nullable=False),
)

seat_break = Table(
    "seat_break",
    metadata,
    Column("break_id", Integer, primary_key=True, autoincrement=True),
    Column("session_id", String, nullable=False),
    Column("room_id", String, nullable=False),
    Column("sitting_id", String, ForeignKey("sitting.sitting_id"), nullable=False),
    Column("out_at_ms", Integer, nullable=False),
    Column("out_by", String, nullable=False),
    Column("back_at_ms", Integer),
    Column("back_by", String),
)

APPEND_ONLY = (
    "ledger",
    "response",
    "stray",
    "custody_step",
    "hand_over",
    "receipt_signature",
    "time_proposal",
    "time_decision",
    "reopening",
    "special_exit",
)


def append_only_triggers() -> list[str]:
    """The statements that make the append-only tables so."""
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in APPEND_ONLY
        for verb in ("UPDATE", "DELETE")
    ]
