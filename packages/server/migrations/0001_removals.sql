CREATE TABLE "removals" (
	"id" text PRIMARY KEY NOT NULL,
	"person_id" text NOT NULL,
	"handle" text NOT NULL,
	"reason" text NOT NULL,
	"state" text NOT NULL,
	"asked_by" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"answered_by" text,
	"answered_at" timestamp with time zone,
	"answer" text,
	"removed_at" timestamp with time zone,
	"done_at" timestamp with time zone,
	"counts" jsonb
);
--> statement-breakpoint
CREATE INDEX "removals_state" ON "removals" USING btree ("state");--> statement-breakpoint
CREATE INDEX "removals_person" ON "removals" USING btree ("person_id");