"""Every table of the venue, as SQLAlchemy Core. Migrations in ``migrations/`` build the same.

Instants are exam time in milliseconds since the epoch, UTC. ``ledger`` and ``response`` are
append-only: triggers abort every UPDATE, and every DELETE too (N01).
"""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
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
    Column("password_hash", String, nullable=False),  # empty: not set yet
    Column("failures", Integer, nullable=False, default=0),
    Column("locked_until_ms", Integer, nullable=False, default=0),
    Column("signed_in_at_ms", Integer, nullable=False, default=0),
    Column("planned", Integer, nullable=False, default=0),  # 1: named by a signed plan
    Column("code_hash", String, nullable=False, default=""),  # one-time code for the first password
    Column("code_until_ms", Integer, nullable=False, default=0),
    Column("valid_from_ms", Integer, nullable=False, default=0),
    Column("valid_until_ms", Integer, nullable=False, default=0),  # 0: without an end
    Column("disabled_at_ms", Integer, nullable=False, default=0),
    Column("disabled_reason", String, nullable=False, default=""),
    Column("totp_sealed", String, nullable=False, default=""),  # under the venue's key
    Column("totp_on", Integer, nullable=False, default=0),  # 0: enrolled, not yet confirmed
    Column("totp_step", Integer, nullable=False, default=0),  # the last one that was used
    Column("agreement", String, nullable=False, default=""),  # reference of the scan (B05)
)

delegation = Table(
    "delegation",
    metadata,
    Column("delegation_id", Integer, primary_key=True, autoincrement=True),
    Column("role", String, nullable=False),  # CHIEF or SYSADMIN
    Column("giver", String, nullable=False),
    Column("taker", String, nullable=False),
    Column("begins_ms", Integer, nullable=False),
    Column("until_ms", Integer, nullable=False),  # 0: handed over, until somebody ends it
    Column("reason", String, nullable=False),
    Column("persons", String, nullable=False),  # the two who ordered it, comma-separated
    Column("ended_at_ms", Integer),
    Column("ended_by", String),
)

recusal = Table(
    "recusal",
    metadata,
    Column("recusal_id", Integer, primary_key=True, autoincrement=True),
    Column("session_id", String, nullable=False),
    Column("person_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("about", String, nullable=False, default=""),  # a ticket number or a room
    Column("reason", String, nullable=False, default=""),
    Column("declared_at_ms", Integer, nullable=False),
)

recusal_decision = Table(
    "recusal_decision",
    metadata,
    Column("decision_id", Integer, primary_key=True, autoincrement=True),
    Column("session_id", String, nullable=False),
    Column("person_id", String, nullable=False),
    Column("scope", String, nullable=False),  # NONE, ROOMS or VENUE
    Column("rooms", String, nullable=False, default=""),  # comma-separated
    Column("reason", String, nullable=False, default=""),
    Column("decided_by", String, nullable=False),
    Column("decided_at_ms", Integer, nullable=False),
)

room_draw = Table(
    "room_draw",
    metadata,
    Column("session_id", String, primary_key=True),
    Column("number", Integer, primary_key=True),  # 1, and one more with every re-draw
    Column("document", Text, nullable=False),  # roster, constraints, seed, result: canonical JSON
    Column("persons", String, nullable=False),  # the two who ordered it, comma-separated
    Column("reason", String, nullable=False, default=""),  # of a re-draw
    Column("drawn_at_ms", Integer, nullable=False),
)

room_assignment = Table(
    "room_assignment",
    metadata,
    Column("assignment_id", Integer, primary_key=True, autoincrement=True),
    Column("session_id", String, nullable=False),
    Column("person_id", String, nullable=False),
    Column("room_id", String, nullable=False),  # "-": a spare, no room
    Column("way", String, nullable=False),  # DRAW or OVERRIDE
    Column("reason", String, nullable=False, default=""),
    Column("persons", String, nullable=False),
    Column("assigned_at_ms", Integer, nullable=False),
)

room_staffing = Table(
    "room_staffing",
    metadata,
    Column("staffing_id", Integer, primary_key=True, autoincrement=True),
    Column("session_id", String, nullable=False),
    Column("room_id", String, nullable=False),
    Column("count", Integer, nullable=False),  # invigilators in the room from then on
    Column("at_ms", Integer, nullable=False),
)

duty_entry = Table(
    "duty_entry",
    metadata,
    Column("entry_id", Integer, primary_key=True, autoincrement=True),
    Column("document", String, nullable=False),  # staff/dutybook/rules.py: Content
    Column("persons", String, nullable=False),
    Column("at_ms", Integer, nullable=False),
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
    Column("held_at_ms", Integer),  # not ready: does not open at the common start
    Column("held_reason", String),
    Column("effective_start_ms", Integer),  # its own start, ordered by the chief
    Column("start_reason", String),
    Column("start_code", String),  # made with the start its stations are told (E04)
    Column("start_code_salt", String),
)

room_time = Table(
    "room_time",
    metadata,
    Column("adjustment_id", Integer, primary_key=True, autoincrement=True),
    Column("session_id", String, nullable=False),
    Column("room_id", String, nullable=False),
    Column("kind", String, nullable=False),  # EXTENSION or SUSPENSION
    Column("at_ms", Integer, nullable=False),  # by the room's own clock
    Column("length_ms", Integer),  # null while a suspension lasts
    Column("ordered_at_ms", Integer, nullable=False),
    Column("persons", String, nullable=False),  # comma-separated
    Column("reason", String, nullable=False),
    Column("resumed_by", String, nullable=False, default=""),
    Column("resume_reason", String, nullable=False, default=""),
    Column("extension_id", Integer),  # the approval it rests on
)

extension = Table(
    "extension",
    metadata,
    Column("extension_id", Integer, primary_key=True, autoincrement=True),
    Column("session_id", String, nullable=False),
    Column("room_id", String, nullable=False),  # empty: every room
    Column("length_ms", Integer, nullable=False),
    Column("reason", String, nullable=False),
    Column("persons", String, nullable=False),
    Column("ordered_at_ms", Integer, nullable=False),
    Column("authority", String, nullable=False, default=""),
    Column("ref_no", String, nullable=False, default=""),
    Column("approver", String, nullable=False, default=""),
    Column("approved_at_ms", Integer),  # when headquarters said so
    Column("confirmed_at_ms", Integer),  # null: 待确认
    Column("confirmed_by", String, nullable=False, default=""),
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
    Index("sitting_of_machine", "session_id", "machine_id"),  # asked for at every hello (P5)
)

doubt = Table(
    "doubt",
    metadata,
    Column("doubt_id", String, primary_key=True),
    Column("sitting_id", String, ForeignKey("sitting.sitting_id"), nullable=False),
    Column("session_id", String, nullable=False),
    Column("room_id", String, nullable=False),
    Column("ticket_no", String, nullable=False),
    Column("kinds", String, nullable=False),  # comma-separated DoubtKind values
    Column("state", String, nullable=False),
    Column("raised_at_ms", Integer, nullable=False),
    Column("raised_by", String, nullable=False),
    Column("admitted_at_ms", Integer),
    Column("admitted_by", String, nullable=False, default=""),  # two person ids
    Column("settled_at_ms", Integer),
    Column("settled_by", String, nullable=False, default=""),  # two person ids
    Column("decided_at_ms", Integer),
    Column("decided_by", String, nullable=False, default=""),  # the chief
    Column("word", String, nullable=False, default=""),  # ChiefWord
    Column("note", String, nullable=False, default=""),
)

correction = Table(
    "correction",
    metadata,
    Column("correction_id", String, primary_key=True),
    Column("session_id", String, nullable=False),
    Column("room_id", String, nullable=False),
    Column("ticket_no", String, nullable=False),
    Column("field", String, nullable=False),  # NAME or ID_NUMBER
    Column("sealed", LargeBinary, nullable=False),  # what is asked for, sealed to the venue
    Column("reason", String, nullable=False),
    Column("filed_at_ms", Integer, nullable=False),
    Column("filed_by", String, nullable=False),
)

kept_item = Table(
    "kept_item",
    metadata,
    Column("receipt_no", String, primary_key=True),
    Column("session_id", String, nullable=False),
    Column("room_id", String, nullable=False),
    Column("ticket_no", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("what", String, nullable=False),
    Column("kept_at_ms", Integer, nullable=False),
    Column("kept_by", String, nullable=False),  # two person ids
    Column("candidate_signed", Integer, nullable=False),
    Column("ended_at_ms", Integer),
    Column("ended_by", String, nullable=False, default=""),  # two person ids
    Column("handed_to", String, nullable=False, default=""),  # empty: given back to the candidate
    Column("return_signed", Integer),
)

visitor = Table(
    "visitor",
    metadata,
    Column("visitor_id", String, primary_key=True),
    Column("session_id", String, nullable=False),
    Column("room_id", String, nullable=False),
    Column("name", String, nullable=False),
    Column("unit", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("approved_at_ms", Integer, nullable=False),
    Column("approved_by", String, nullable=False),
    Column("in_ms", Integer),
    Column("in_by", String, nullable=False, default=""),
    Column("out_ms", Integer),
    Column("out_by", String, nullable=False, default=""),
)

RUN = "seq >> 4"
"""The run of an answer. Only a statement with these very words finds the index by it."""
response = Table(
    "response",
    metadata,
    Column("sitting_id", String, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # AES-256-GCM under the sitting's key
    Column("received_at_ms", Integer, nullable=False),
    # Each answer once. By runs of sixteen first: what a hall answers in the same minutes lies
    # together, and a group of answers writes a third of the pages (P3; decision 0065).
    Index("response_by_run", text(RUN), "sitting_id", "seq", unique=True),
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

receipt_performer = Table(
    "receipt_performer",  # who performed in it, themselves or in another's post: not to sign (N03)
    metadata,
    Column("receipt_id", String, primary_key=True),
    Column("person_id", String, primary_key=True),
    Column("at_ms", Integer, nullable=False),
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

notice = Table(
    "notice",
    metadata,
    Column("paper_id", String, primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("document", String, nullable=False),  # the signed file; its text is sealed
    Column("imported_at_ms", Integer, nullable=False),
    Column("imported_by", String, nullable=False),
)

notice_publication = Table(
    "notice_publication",
    metadata,
    Column("paper_id", String, primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("published_at_ms", Integer, nullable=False),
    Column("published_by", String, nullable=False),
)

notice_read = Table(
    "notice_read",
    metadata,
    Column("sitting_id", String, primary_key=True),
    Column("paper_id", String, primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("at_ms", Integer, nullable=False),
)

session_order = Table(
    "session_order",
    metadata,
    Column("order_id", Integer, primary_key=True, autoincrement=True),
    Column("session_id", String, nullable=False),
    Column("reference", String, nullable=False),  # headquarters' number
    Column("kind", String, nullable=False),
    Column("stops", Boolean, nullable=False),  # nobody goes on in this session
    Column("document", String, nullable=False),  # the signed file
    Column("imported_at_ms", Integer, nullable=False),
    Column("imported_by", String, nullable=False),
    UniqueConstraint("session_id", "reference"),
)

line_document = Table(
    "line_document",
    metadata,
    Column("number", Integer, primary_key=True),  # its place in headquarters' list
    Column("sha256", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("document", String, nullable=False),  # the signed file; empty when it was refused
    Column("code", String, nullable=False),  # the refusal, or empty
    Column("arrived_at_ms", Integer, nullable=False),
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
    Column("made_at_ms", Integer, nullable=False, default=0),  # it holds what came before
    # What the archive is called on the medium, which medium that is, and how it went (L04, L05).
    Column("file", String, nullable=False, server_default=""),
    Column("medium_id", String, nullable=False, server_default=""),
    Column("serial", String, nullable=False, server_default=""),
    Column("size", Integer, nullable=False, server_default="0"),
    Column("took_ms", Integer, nullable=False, server_default="0"),
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

record_answer = Table(
    "record_answer",  # what a person said to a point of the end-of-session list (K07)
    metadata,
    Column("answer_id", Integer, primary_key=True, autoincrement=True),
    Column("session_id", String, nullable=False),
    Column("room_id", String, nullable=False),
    Column("point", String, nullable=False),
    Column("remark", Text, nullable=False),  # empty: looked at, nothing to add
    Column("person_id", String, nullable=False),
    Column("at_ms", Integer, nullable=False),
)

record_edit = Table(
    "record_edit",  # a change of a written field of a room's record (N05)
    metadata,
    Column("edit_id", Integer, primary_key=True, autoincrement=True),
    Column("session_id", String, nullable=False),
    Column("room_id", String, nullable=False),
    Column("field", String, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("person_id", String, nullable=False),
    Column("at_ms", Integer, nullable=False),
)

score_publication = Table(
    "score_publication",  # the newest entry of a session counts (M01)
    metadata,
    Column("entry_id", Integer, primary_key=True, autoincrement=True),
    Column("session_id", String, nullable=False),
    Column("published_at_ms", Integer, nullable=False),
    Column("reference", String, nullable=False),
    Column("persons", String, nullable=False),  # two person ids
    Column("at_ms", Integer, nullable=False),
)

legal_hold = Table(
    "legal_hold",  # the newest entry of a session counts; an empty reason lifts the hold (V07)
    metadata,
    Column("entry_id", Integer, primary_key=True, autoincrement=True),
    Column("session_id", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("persons", String, nullable=False),
    Column("at_ms", Integer, nullable=False),
)

destruction = Table(
    "destruction",  # of what was kept long enough (M07); its beginning and its end are two entries
    metadata,
    Column("entry_id", Integer, primary_key=True, autoincrement=True),
    Column("session_id", String, nullable=False),
    Column("what", String, nullable=False),  # answers or records
    Column("step", String, nullable=False),  # BEGUN or DONE
    Column("at_ms", Integer, nullable=False),
    Column("persons", String, nullable=False),  # two person ids
    Column("document", Text, nullable=False),  # the certificate as JSON; of BEGUN what is to go
)

session_exported = Table(
    "session_exported",
    metadata,
    Column("export_id", Integer, primary_key=True, autoincrement=True),
    Column("session_id", String, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("file", String, nullable=False),
    Column("person_id", String, nullable=False),
    Column("at_ms", Integer, nullable=False),
)

sealed_record = Table(
    "sealed_record",  # a room's record as it was sealed: later facts (wiping) no longer change it
    metadata,
    Column("session_id", String, primary_key=True),
    Column("room_id", String, primary_key=True),
    Column("content", Text, nullable=False),  # as signed, JSON
    Column("content_hash", String(64), nullable=False),
)

record_print = Table(
    "record_print",  # every print of a record: the first of a content is the original (K06)
    metadata,
    Column("print_id", Integer, primary_key=True, autoincrement=True),
    Column("session_id", String, nullable=False),
    Column("room_id", String, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("person_id", String, nullable=False),
    Column("at_ms", Integer, nullable=False),
)

reconciled_sitting = Table(
    "reconciled_sitting",  # what reconciliation found, so that the record can name it (K07)
    metadata,
    Column("session_id", String, primary_key=True),
    Column("sitting_id", String, primary_key=True),
    Column("answered", Integer, nullable=False),
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

bundle_version = Table(
    "bundle_version",  # sealed earlier and superseded; file and receipt stay (L03)
    metadata,
    Column("session_id", String, primary_key=True),
    Column("version", Integer, primary_key=True),  # from 1
    Column("bundle_id", String, nullable=False),
    Column("file", String, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sealed_at_ms", Integer, nullable=False),
    Column("sealed_by", String, nullable=False),
    Column("receipt", Text, nullable=False),
    Column("sealed_sittings", Text, nullable=False),  # JSON, as in the outbox
    Column("superseded_at_ms", Integer, nullable=False),
    Column("persons", String, nullable=False),  # the two who ordered the sealing anew
    Column("reason", Text, nullable=False),
)

upload_outbox = Table(
    "upload_outbox",
    metadata,
    Column("session_id", String, ForeignKey("bundle.session_id"), primary_key=True),
    Column("bundle_id", String, nullable=False, unique=True),
    Column("sealed_sittings", Text, nullable=False),  # JSON: what the receipt must list
    Column("attempts", Integer, nullable=False, default=0),
    Column("failures", Integer, nullable=False, default=0),  # attempts in a row that moved nothing
    Column("next_attempt_ms", Integer, nullable=False),
    Column("last_problem", String, nullable=False, default=""),
    Column("needs_people", Integer, nullable=False, default=0),  # 1: no retry will mend it
    Column("confirmed", Integer, nullable=False, default=0),  # bytes, as of the last failed attempt
    Column("moved_at_ms", Integer, nullable=False, default=0),  # when the last of them was
)

bundle_export = Table(
    "bundle_export",
    metadata,
    Column("export_id", String, primary_key=True),
    Column("session_id", String, nullable=False),
    Column("bundle_id", String, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("medium_id", String, nullable=False),  # empty: a plain folder of a rehearsal
    Column("medium_label", String, nullable=False),
    Column("folder", Text, nullable=False),  # where it was written
    Column("at_ms", Integer, nullable=False),
    Column("persons", String, nullable=False),  # two person ids, comma-separated
)

bundle_hand_over = Table(
    "bundle_hand_over",
    metadata,
    Column("hand_over_id", String, primary_key=True),
    Column("session_id", String, primary_key=True),
    Column("bundle_id", String, nullable=False),
    Column("at_ms", Integer, nullable=False),
    Column("document", Text, nullable=False),  # kaodian.hand-over, signed by the venue
)

wipe_certificate = Table(
    "wipe_certificate",
    metadata,
    Column("session_id", String, primary_key=True),
    Column("begun_at_ms", Integer, nullable=False),
    Column("persons", String, nullable=False),  # two person ids, comma-separated
    Column("document", Text, nullable=False),  # the certificate as JSON; a draft until it is done
)

station_wipe = Table(
    "station_wipe",
    metadata,
    Column("session_id", String, primary_key=True),
    Column("machine_id", String, primary_key=True),
    Column("paper_id", String, primary_key=True),
    Column("sitting_id", String, primary_key=True),  # empty: nobody sat there
    Column("sha256", Text, nullable=False, default="[]"),  # JSON: the paper's ciphertexts
    Column("ordered_at_ms", Integer, nullable=False),
    Column("reported_at_ms", Integer),  # null until the station said that it is done
    Column("left_behind", Text, nullable=False, default="[]"),  # JSON: what it found afterwards
)

station_facts = Table(
    "station_facts",
    metadata,
    Column("machine_id", String, primary_key=True),
    Column("at_ms", Integer, nullable=False),
    Column("document", Text, nullable=False, default=""),  # StationFacts as JSON
    Column("token", String, nullable=False, default=""),  # left there for the restart test (C11)
)

inspection_run = Table(
    "inspection_run",
    metadata,
    Column("run_id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String, nullable=False),  # FULL, PARTIAL or ANSWER
    Column("began_at_ms", Integer, nullable=False),
    Column("ended_at_ms", Integer, nullable=False),
    Column("person", String, nullable=False),
)

inspection_result = Table(
    "inspection_result",
    metadata,
    Column("result_id", Integer, primary_key=True, autoincrement=True),
    Column("run_id", Integer, ForeignKey("inspection_run.run_id"), nullable=False),
    Column("check_id", String, nullable=False),
    Column("expected", String, nullable=False),
    Column("measured", Text, nullable=False),
    Column("verdict", String, nullable=False),
    Column("names", Text, nullable=False, default="[]"),  # JSON: what is not right
    Column("at_ms", Integer, nullable=False),
)

venue_seal_step = Table(
    "venue_seal_step",
    metadata,
    Column("step_id", Integer, primary_key=True, autoincrement=True),
    Column("state", String, nullable=False),  # reached by this step; the last row is the state
    Column("at_ms", Integer, nullable=False),
    Column("persons", String, nullable=False, default=""),
    Column("reason", Text, nullable=False, default=""),
    Column("remarks", Text, nullable=False, default="[]"),  # why it broke, as JSON
    Column("digest", String(64), nullable=False, default=""),
    Column("document", Text, nullable=False, default=""),  # what was sealed, canonical JSON
)

station_swap = Table(
    "station_swap",
    metadata,
    Column("swap_id", Integer, primary_key=True, autoincrement=True),
    Column("session_id", String, nullable=False),
    Column("sitting_id", String, ForeignKey("sitting.sitting_id"), nullable=False),
    Column("room_id", String, nullable=False),
    Column("at_ms", Integer, nullable=False),
    Column("from_seat", String, nullable=False),
    Column("from_machine", String, nullable=False),
    Column("held", Integer, nullable=False),  # 1: the candidate had logged in there
    Column("to_seat", String, nullable=False),
    Column("to_machine", String, nullable=False),
    Column("kept_seq", Integer, nullable=False),  # the server's end of the chain at the swap
    Column("kept_head", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("persons", String, nullable=False),  # two person ids, comma-separated
)

branch_decision = Table(
    "branch_decision",
    metadata,
    Column("decision_id", Integer, primary_key=True, autoincrement=True),
    Column("sitting_id", String, nullable=False),
    Column("machine_id", String, nullable=False),
    Column("upto_stray", Integer, nullable=False),  # what of the branch was seen
    Column("keep", String, nullable=False),  # CHAIN, BRANCH or RULE
    Column("reason", Text, nullable=False),
    Column("persons", String, nullable=False),  # two person ids; empty for RULE
    Column("at_ms", Integer, nullable=False),
    Column("from_seq", Integer, nullable=False),
    Column("to_seq", Integer, nullable=False),  # the end of the chain with what is appended
    Column("to_head", String(64), nullable=False),
)

incident_entry = Table(
    "incident_entry",
    metadata,
    Column("incident_id", String, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("session_id", String, nullable=False),
    Column("room_id", String, nullable=False),  # empty: the whole venue
    Column("raised_by", String, unique=True),  # the key of what opened it by itself; else null
    Column("document", Text, nullable=False),  # the entry as JSON
)

violation_entry = Table(
    "violation_entry",
    metadata,
    Column("violation_id", String, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("session_id", String, nullable=False),
    Column("room_id", String, nullable=False),
    Column("subject", Text, nullable=False),  # whom it is about, as JSON
    Column("document", Text, nullable=False),  # the entry as JSON
)

observation = Table(
    "observation",
    metadata,
    Column("observation_id", Integer, primary_key=True, autoincrement=True),
    Column("session_id", String, nullable=False),
    Column("room_id", String, nullable=False),
    Column("seat_no", String, nullable=False),
    Column("sitting_id", String, nullable=False, default=""),
    Column("ticket_no", String, nullable=False, default=""),
    Column("alert", String, nullable=False),
    Column("at_ms", Integer, nullable=False),
)

observation_verdict = Table(
    "observation_verdict",
    metadata,
    Column("observation_id", Integer, primary_key=True),
    Column("verdict", String, nullable=False),
    Column("violation_id", String, nullable=False, default=""),
    Column("remark", Text, nullable=False),
    Column("decided_by", String, nullable=False),
    Column("decided_at_ms", Integer, nullable=False),
)

evidence_hold = Table(
    "evidence_hold",
    metadata,
    Column("hold_id", Integer, primary_key=True, autoincrement=True),
    Column("session_id", String, nullable=False),
    Column("subject", String, nullable=False),  # an incident's or a violation's id
    Column("begins", Integer, nullable=False),  # 1 a hold, 0 its end
    Column("at_ms", Integer, nullable=False),
    Column("persons", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("reference", String, nullable=False, default=""),
    Column("snapshot", String(64), nullable=False, default=""),  # the ledger's head (V07)
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
    Column("revokes", Integer),  # the proposal whose unconsumed part is taken back
)

time_decision = Table(
    "time_decision",
    metadata,
    Column("proposal_id", Integer, primary_key=True),
    Column("approved", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("decided_by", String, nullable=False),
    Column("decided_at_ms", Integer, nullable=False),
    Column("taken_s", Integer, nullable=False, default=0),  # by an approved revocation
    Column("end_before_ms", Integer, nullable=False, default=0),
    Column("end_after_ms", Integer, nullable=False, default=0),
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
    Index("link_gap_of_sitting", "sitting_id"),
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
    Index("reopening_of_sitting", "sitting_id"),
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
    Index("seat_break_of_sitting", "sitting_id"),
)

APPEND_ONLY = (
    "ledger",
    "response",
    "stray",
    "custody_step",
    "hand_over",
    "receipt_performer",
    "receipt_signature",
    "inspection_run",
    "inspection_result",
    "venue_seal_step",
    "recusal",
    "recusal_decision",
    "room_draw",
    "room_assignment",
    "room_staffing",
    "duty_entry",
    "station_swap",
    "branch_decision",
    "incident_entry",
    "violation_entry",
    "observation",
    "observation_verdict",
    "evidence_hold",
    "record_answer",
    "record_edit",
    "record_print",
    "score_publication",
    "legal_hold",
    "destruction",
    "bundle_version",
    "session_exported",
    "time_proposal",
    "time_decision",
    "reopening",
    "special_exit",
    "bundle_export",
    "bundle_hand_over",
    "notice",
    "notice_publication",
    "notice_read",
    "session_order",
    "line_document",
)


def append_only_triggers() -> list[str]:
    """The statements that make the append-only tables so."""
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in APPEND_ONLY
        for verb in ("UPDATE", "DELETE")
    ]
