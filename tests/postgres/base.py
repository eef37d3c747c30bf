"""Our PostgreSQL, emptied quickly between tests.

Django truncates every table after each test that commits, and each of some 300 tables with its indexes becomes new
files. Few have rows then: those are deleted, and what Django would write anew at once is left alone.
"""

from typing import Any

from django.db.backends.postgresql.operations import DatabaseOperations as Operations

from config.postgres import base

KEPT = {"django_content_type", "auth_permission"}


class DatabaseOperations(Operations):
    def sql_flush(self, style: Any, tables: list[str], **options: Any) -> list[str]:
        if not tables or options.get("reset_sequences") or not self.may_lift_constraints():
            return super().sql_flush(style, tables, **options)
        deletes = [f"delete from {self.quote_name(table)}" for table in self.filled(tables)]
        return ["set local session_replication_role = replica", *deletes] if deletes else []

    def may_lift_constraints(self) -> bool:
        """Only a superuser may, for the moment."""
        with self.connection.cursor() as cursor:
            cursor.execute("select rolsuper from pg_roles where rolname = current_user")
            return bool(cursor.fetchone()[0])

    def filled(self, tables: list[str]) -> list[str]:
        names = sorted(set(tables) - KEPT)
        parts = [f"select '{name}' where exists (select from {self.quote_name(name)})" for name in names]
        with self.connection.cursor() as cursor:
            cursor.execute(" union all ".join(parts))
            return [name for (name,) in cursor.fetchall()]


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
