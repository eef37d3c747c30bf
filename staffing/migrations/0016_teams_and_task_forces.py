import communities.together
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import staffing.states
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0009_acting_lead"),
        ("communities", "__first__"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("staffing", "0015_broadcasts"),
        ("volunteers", "0005_certificates"),
    ]

    operations = [
        communities.together.Together(
            operations=[
                migrations.CreateModel(
                    name="TaskForce",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("name_en", models.CharField(blank=True, max_length=120, verbose_name="English name")),
                        ("path", models.CharField(default="", editable=False, max_length=200)),
                        ("purpose", models.CharField(max_length=200, verbose_name="purpose")),
                        ("period", django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="period")),
                        ("founded_at", models.DateTimeField(verbose_name="founded")),
                        ("is_demo", models.BooleanField(default=False, editable=False)),
                        (
                            "area",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="task_forces",
                                to="communities.area",
                                verbose_name="area",
                            ),
                        ),
                        (
                            "founded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="founded by",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="staffing.taskforce",
                                verbose_name="parent",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "task force",
                        "verbose_name_plural": "task forces",
                        "ordering": ["path"],
                        "indexes": [
                            models.Index(fields=["path"], name="task_force_path", opclasses=["varchar_pattern_ops"])
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("period__endswith__isnull", False), ("period__startswith__isnull", False)
                                ),
                                name="task_force_has_an_end",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "staffing_taskforceevent" ("area_id", "founded_at", "founded_by_id", "id", "is_demo", "name", "name_en", "parent_id", "path", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose") VALUES (NEW."area_id", NEW."founded_at", NEW."founded_by_id", NEW."id", NEW."is_demo", NEW."name", NEW."name_en", NEW."parent_id", NEW."path", NEW."period", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."purpose"); RETURN NULL;',
                                    hash="02544db4570ab9caf0c3492c92f63ae9d86d73bb",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_49e48",
                                    table="staffing_taskforce",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "staffing_taskforceevent" ("area_id", "founded_at", "founded_by_id", "id", "is_demo", "name", "name_en", "parent_id", "path", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose") VALUES (NEW."area_id", NEW."founded_at", NEW."founded_by_id", NEW."id", NEW."is_demo", NEW."name", NEW."name_en", NEW."parent_id", NEW."path", NEW."period", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."purpose"); RETURN NULL;',
                                    hash="9acdd1846a4316cf4e69a261ac8af1730d88f2b3",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_25c45",
                                    table="staffing_taskforce",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Extension",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("until", models.DateTimeField(verbose_name="until")),
                        ("reason", models.CharField(max_length=200, verbose_name="reason")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    (staffing.states.ExtensionStatus["ASKED"], "asked for"),
                                    (staffing.states.ExtensionStatus["AGREED"], "agreed"),
                                    (staffing.states.ExtensionStatus["REFUSED"], "refused"),
                                ],
                                default=staffing.states.ExtensionStatus["ASKED"],
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="asked")),
                        ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                        (
                            "answered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="answered by",
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="asked by",
                            ),
                        ),
                        (
                            "task_force",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="extensions",
                                to="staffing.taskforce",
                                verbose_name="task force",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "extension of a task force",
                        "verbose_name_plural": "extensions of task forces",
                        "ordering": ["-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status", staffing.states.ExtensionStatus["ASKED"])),
                                fields=("task_force",),
                                name="one_extension_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("asked_by", models.F("answered_by")), _negated=True),
                                name="extended_by_two",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answered_by", None), ("status", staffing.states.ExtensionStatus["ASKED"])
                                    ),
                                    models.Q(
                                        models.Q(("status", staffing.states.ExtensionStatus["ASKED"]), _negated=True),
                                        ("answered_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="extension_answered",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "staffing_extensionevent" ("answered_at", "answered_by_id", "asked_at", "asked_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "status", "task_force_id", "until") VALUES (NEW."answered_at", NEW."answered_by_id", NEW."asked_at", NEW."asked_by_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."status", NEW."task_force_id", NEW."until"); RETURN NULL;',
                                    hash="bd7c41688e723f531513127b50b6a34766ce31e8",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_fc966",
                                    table="staffing_extension",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "staffing_extensionevent" ("answered_at", "answered_by_id", "asked_at", "asked_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "status", "task_force_id", "until") VALUES (NEW."answered_at", NEW."answered_by_id", NEW."asked_at", NEW."asked_by_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."status", NEW."task_force_id", NEW."until"); RETURN NULL;',
                                    hash="974cd7e28cd53c33c90d4aff2b6a59f1ba8a7e07",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_bbc65",
                                    table="staffing_extension",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HandOver",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("text", models.TextField(max_length=2000, verbose_name="note")),
                        ("written_at", models.DateTimeField(verbose_name="written")),
                        ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="taken over")),
                        (
                            "read_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="taken over by",
                            ),
                        ),
                        (
                            "shift",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="hand_overs",
                                to="staffing.shift",
                                verbose_name="shift",
                            ),
                        ),
                        (
                            "written_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="written by",
                            ),
                        ),
                        (
                            "task_force",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hand_overs",
                                to="staffing.taskforce",
                                verbose_name="task force",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "hand-over note",
                        "verbose_name_plural": "hand-over notes",
                        "ordering": ["-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("shift__isnull", False), ("task_force__isnull", True)),
                                    models.Q(("shift__isnull", True), ("task_force__isnull", False)),
                                    _connector="OR",
                                ),
                                name="hand_over_of_one_thing",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("written_by", models.F("read_by")), _negated=True),
                                name="taken_over_by_another",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "staffing_handoverevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "read_at", "read_by_id", "shift_id", "task_force_id", "text", "written_at", "written_by_id") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."read_at", NEW."read_by_id", NEW."shift_id", NEW."task_force_id", NEW."text", NEW."written_at", NEW."written_by_id"); RETURN NULL;',
                                    hash="2a594ff938f7597f7104db26e4d98ca8ba6dbf37",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_2f4d7",
                                    table="staffing_handover",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "staffing_handoverevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "read_at", "read_by_id", "shift_id", "task_force_id", "text", "written_at", "written_by_id") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."read_at", NEW."read_by_id", NEW."shift_id", NEW."task_force_id", NEW."text", NEW."written_at", NEW."written_by_id"); RETURN NULL;',
                                    hash="13f06cfd7ea9a7cabf38f328872950b606cb2ca1",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_43c94",
                                    table="staffing_handover",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Posting",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "duty",
                            models.CharField(
                                choices=[
                                    (staffing.states.Duty["LEAD"], "lead"),
                                    (staffing.states.Duty["DEPUTY"], "deputy"),
                                    (staffing.states.Duty["POSTS"], "posts and attendance"),
                                    (staffing.states.Duty["SUPPLIES"], "supplies"),
                                    (staffing.states.Duty["RECORDS"], "records"),
                                ],
                                max_length=10,
                                verbose_name="function",
                            ),
                        ),
                        ("joined_at", models.DateTimeField(verbose_name="since")),
                        ("left_at", models.DateTimeField(blank=True, null=True, verbose_name="left")),
                        (
                            "given_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="given by",
                            ),
                        ),
                        (
                            "grant",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="posting",
                                to="communities.grant",
                                verbose_name="grant",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="postings",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="account",
                            ),
                        ),
                        (
                            "task_force",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="postings",
                                to="staffing.taskforce",
                                verbose_name="task force",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "posting in a task force",
                        "verbose_name_plural": "postings in task forces",
                        "ordering": ["task_force_id", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("duty", staffing.states.Duty["LEAD"]), ("left_at", None)),
                                fields=("task_force",),
                                name="task_force_has_one_lead",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("duty", staffing.states.Duty["DEPUTY"]), ("left_at", None)),
                                fields=("task_force",),
                                name="task_force_has_one_deputy",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("left_at", None)),
                                fields=("task_force", "user"),
                                name="one_duty_in_a_task_force",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("user", models.F("given_by")), _negated=True),
                                name="posted_by_somebody_else",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "staffing_postingevent" ("duty", "given_by_id", "grant_id", "id", "joined_at", "left_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "task_force_id", "user_id") VALUES (NEW."duty", NEW."given_by_id", NEW."grant_id", NEW."id", NEW."joined_at", NEW."left_at", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."task_force_id", NEW."user_id"); RETURN NULL;',
                                    hash="1ab89993f65c22ad3a7e8f073de50da61fbc6755",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_fb874",
                                    table="staffing_posting",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "staffing_postingevent" ("duty", "given_by_id", "grant_id", "id", "joined_at", "left_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "task_force_id", "user_id") VALUES (NEW."duty", NEW."given_by_id", NEW."grant_id", NEW."id", NEW."joined_at", NEW."left_at", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."task_force_id", NEW."user_id"); RETURN NULL;',
                                    hash="60456ffab134c46b2a9423d39da1f896afd90e4f",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_cd2e9",
                                    table="staffing_posting",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TaskForceEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("name_en", models.CharField(blank=True, max_length=120, verbose_name="English name")),
                        ("path", models.CharField(default="", editable=False, max_length=200)),
                        ("purpose", models.CharField(max_length=200, verbose_name="purpose")),
                        ("period", django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="period")),
                        ("founded_at", models.DateTimeField(verbose_name="founded")),
                        ("is_demo", models.BooleanField(default=False, editable=False)),
                        (
                            "area",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="communities.area",
                                verbose_name="area",
                            ),
                        ),
                        (
                            "founded_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="founded by",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="staffing.taskforce",
                                verbose_name="parent",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="staffing.taskforce",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Team",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("name_en", models.CharField(blank=True, max_length=120, verbose_name="English name")),
                        ("formed_at", models.DateTimeField(verbose_name="formed")),
                        ("dissolved_at", models.DateTimeField(blank=True, null=True, verbose_name="dissolved")),
                        ("is_demo", models.BooleanField(default=False, editable=False)),
                        (
                            "area",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="teams",
                                to="communities.area",
                                verbose_name="area",
                            ),
                        ),
                        (
                            "formed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="formed by",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="teams",
                                to="communities.organisation",
                                verbose_name="lending unit",
                            ),
                        ),
                        (
                            "task_force",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="teams",
                                to="staffing.taskforce",
                                verbose_name="task force",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "team",
                        "verbose_name_plural": "teams",
                        "ordering": ["-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("dissolved_at", None)), fields=("area", "name"), name="team_once"
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "staffing_teamevent" ("area_id", "dissolved_at", "formed_at", "formed_by_id", "id", "is_demo", "name", "name_en", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "task_force_id") VALUES (NEW."area_id", NEW."dissolved_at", NEW."formed_at", NEW."formed_by_id", NEW."id", NEW."is_demo", NEW."name", NEW."name_en", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."task_force_id"); RETURN NULL;',
                                    hash="73bd10e8545df52f331713b1705b22bacbc608bb",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_ab248",
                                    table="staffing_team",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "staffing_teamevent" ("area_id", "dissolved_at", "formed_at", "formed_by_id", "id", "is_demo", "name", "name_en", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "task_force_id") VALUES (NEW."area_id", NEW."dissolved_at", NEW."formed_at", NEW."formed_by_id", NEW."id", NEW."is_demo", NEW."name", NEW."name_en", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."task_force_id"); RETURN NULL;',
                                    hash="3d3faf21c93c0d375a77c9df5e4944b30ccaf364",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_cbbd8",
                                    table="staffing_team",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExtensionEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("until", models.DateTimeField(verbose_name="until")),
                        ("reason", models.CharField(max_length=200, verbose_name="reason")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    (staffing.states.ExtensionStatus["ASKED"], "asked for"),
                                    (staffing.states.ExtensionStatus["AGREED"], "agreed"),
                                    (staffing.states.ExtensionStatus["REFUSED"], "refused"),
                                ],
                                default=staffing.states.ExtensionStatus["ASKED"],
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="asked")),
                        ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                        (
                            "answered_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="answered by",
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="asked by",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="staffing.extension",
                            ),
                        ),
                        (
                            "task_force",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="staffing.taskforce",
                                verbose_name="task force",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="HandOverEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("text", models.TextField(max_length=2000, verbose_name="note")),
                        ("written_at", models.DateTimeField(verbose_name="written")),
                        ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="taken over")),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="staffing.handover",
                            ),
                        ),
                        (
                            "read_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="taken over by",
                            ),
                        ),
                        (
                            "shift",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="staffing.shift",
                                verbose_name="shift",
                            ),
                        ),
                        (
                            "written_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="written by",
                            ),
                        ),
                        (
                            "task_force",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="staffing.taskforce",
                                verbose_name="task force",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="PostingEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "duty",
                            models.CharField(
                                choices=[
                                    (staffing.states.Duty["LEAD"], "lead"),
                                    (staffing.states.Duty["DEPUTY"], "deputy"),
                                    (staffing.states.Duty["POSTS"], "posts and attendance"),
                                    (staffing.states.Duty["SUPPLIES"], "supplies"),
                                    (staffing.states.Duty["RECORDS"], "records"),
                                ],
                                max_length=10,
                                verbose_name="function",
                            ),
                        ),
                        ("joined_at", models.DateTimeField(verbose_name="since")),
                        ("left_at", models.DateTimeField(blank=True, null=True, verbose_name="left")),
                        (
                            "given_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="given by",
                            ),
                        ),
                        (
                            "grant",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="communities.grant",
                                verbose_name="grant",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="staffing.posting",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="account",
                            ),
                        ),
                        (
                            "task_force",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="staffing.taskforce",
                                verbose_name="task force",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="TeamEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("name_en", models.CharField(blank=True, max_length=120, verbose_name="English name")),
                        ("formed_at", models.DateTimeField(verbose_name="formed")),
                        ("dissolved_at", models.DateTimeField(blank=True, null=True, verbose_name="dissolved")),
                        ("is_demo", models.BooleanField(default=False, editable=False)),
                        (
                            "area",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="communities.area",
                                verbose_name="area",
                            ),
                        ),
                        (
                            "formed_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="formed by",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="communities.organisation",
                                verbose_name="lending unit",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="staffing.team",
                            ),
                        ),
                        (
                            "task_force",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="staffing.taskforce",
                                verbose_name="task force",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="TeamMember",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "part",
                            models.CharField(
                                choices=[
                                    (staffing.states.TeamPart["LEADER"], "leader"),
                                    (staffing.states.TeamPart["DEPUTY"], "deputy"),
                                    (staffing.states.TeamPart["MEMBER"], "member"),
                                ],
                                default=staffing.states.TeamPart["MEMBER"],
                                max_length=10,
                                verbose_name="part",
                            ),
                        ),
                        ("joined_at", models.DateTimeField(verbose_name="since")),
                        ("left_at", models.DateTimeField(blank=True, null=True, verbose_name="left")),
                        (
                            "area",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="communities.area",
                                verbose_name="area",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="members",
                                to="staffing.team",
                                verbose_name="team",
                            ),
                        ),
                        (
                            "volunteer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="teams",
                                to="volunteers.volunteer",
                                verbose_name="person",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "member of a team",
                        "verbose_name_plural": "members of teams",
                        "ordering": ["team_id", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("left_at", None)),
                                fields=("area", "volunteer"),
                                name="one_team_of_an_area",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("left_at", None), ("part", staffing.states.TeamPart["LEADER"])),
                                fields=("team",),
                                name="team_has_one_leader",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("left_at", None), ("part", staffing.states.TeamPart["DEPUTY"])),
                                fields=("team",),
                                name="team_has_one_deputy",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("left_at", None), ("left_at__gte", models.F("joined_at")), _connector="OR"
                                ),
                                name="left_after_joining",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "staffing_teammemberevent" ("area_id", "id", "joined_at", "left_at", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id", "volunteer_id") VALUES (NEW."area_id", NEW."id", NEW."joined_at", NEW."left_at", NEW."part", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."team_id", NEW."volunteer_id"); RETURN NULL;',
                                    hash="4fa40c93d280b12ce81cb5aaebbc99c4a9c8731b",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_27367",
                                    table="staffing_teammember",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "staffing_teammemberevent" ("area_id", "id", "joined_at", "left_at", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id", "volunteer_id") VALUES (NEW."area_id", NEW."id", NEW."joined_at", NEW."left_at", NEW."part", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."team_id", NEW."volunteer_id"); RETURN NULL;',
                                    hash="51bbdfa6a273de952c609517331488be17ad1eac",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_d56f0",
                                    table="staffing_teammember",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TeamMemberEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "part",
                            models.CharField(
                                choices=[
                                    (staffing.states.TeamPart["LEADER"], "leader"),
                                    (staffing.states.TeamPart["DEPUTY"], "deputy"),
                                    (staffing.states.TeamPart["MEMBER"], "member"),
                                ],
                                default=staffing.states.TeamPart["MEMBER"],
                                max_length=10,
                                verbose_name="part",
                            ),
                        ),
                        ("joined_at", models.DateTimeField(verbose_name="since")),
                        ("left_at", models.DateTimeField(blank=True, null=True, verbose_name="left")),
                        (
                            "area",
                            models.ForeignKey(
                                db_constraint=False,
                                editable=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="communities.area",
                                verbose_name="area",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="staffing.teammember",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="staffing.team",
                                verbose_name="team",
                            ),
                        ),
                        (
                            "volunteer",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="volunteers.volunteer",
                                verbose_name="person",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="waverun",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="waverun",
            name="update_update",
        ),
        migrations.AddField(
            model_name="waverun",
            name="team",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="wave_runs",
                to="staffing.team",
                verbose_name="of this team alone",
            ),
        ),
        migrations.AddField(
            model_name="waverunevent",
            name="team",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="staffing.team",
                verbose_name="of this team alone",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="waverun",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "staffing_waverunevent" ("call_up_id", "channel", "ended_at", "id", "next_at", "per_seat", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "started_at", "started_by_id", "status", "stopped_by_id", "team_id", "until", "wait_minutes") VALUES (NEW."call_up_id", NEW."channel", NEW."ended_at", NEW."id", NEW."next_at", NEW."per_seat", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."started_at", NEW."started_by_id", NEW."status", NEW."stopped_by_id", NEW."team_id", NEW."until", NEW."wait_minutes"); RETURN NULL;',
                    hash="a14ad9a85077641e040585a0f7fcd0357afa7d55",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_750ec",
                    table="staffing_waverun",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="waverun",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."call_up_id" IS DISTINCT FROM (NEW."call_up_id") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."per_seat" IS DISTINCT FROM (NEW."per_seat") OR OLD."started_at" IS DISTINCT FROM (NEW."started_at") OR OLD."started_by_id" IS DISTINCT FROM (NEW."started_by_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."stopped_by_id" IS DISTINCT FROM (NEW."stopped_by_id") OR OLD."team_id" IS DISTINCT FROM (NEW."team_id") OR OLD."until" IS DISTINCT FROM (NEW."until") OR OLD."wait_minutes" IS DISTINCT FROM (NEW."wait_minutes"))',
                    func='INSERT INTO "staffing_waverunevent" ("call_up_id", "channel", "ended_at", "id", "next_at", "per_seat", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "started_at", "started_by_id", "status", "stopped_by_id", "team_id", "until", "wait_minutes") VALUES (NEW."call_up_id", NEW."channel", NEW."ended_at", NEW."id", NEW."next_at", NEW."per_seat", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."started_at", NEW."started_by_id", NEW."status", NEW."stopped_by_id", NEW."team_id", NEW."until", NEW."wait_minutes"); RETURN NULL;',
                    hash="4aa333dca129e4a53851bda34316028dd4c2d76b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_99dbd",
                    table="staffing_waverun",
                    when="AFTER",
                ),
            ),
        ),
    ]
