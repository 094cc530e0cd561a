CREATE TABLE "audit" (
	"number" bigint PRIMARY KEY NOT NULL,
	"time" text NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"detail" jsonb NOT NULL,
	"before" text NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_head" (
	"id" integer PRIMARY KEY NOT NULL,
	"number" bigint NOT NULL,
	"before" text NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "auth_accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp with time zone,
	"refresh_token_expires_at" timestamp with time zone,
	"scope" text,
	"password" text,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "auth_attempts" (
	"key" text PRIMARY KEY NOT NULL,
	"count" integer NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"until" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "auth_links" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"hash" text NOT NULL,
	"user_id" text,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "auth_links_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "auth_passkeys" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text,
	"public_key" text NOT NULL,
	"user_id" text NOT NULL,
	"credential_id" text NOT NULL,
	"counter" integer NOT NULL,
	"device_type" text NOT NULL,
	"backed_up" boolean NOT NULL,
	"transports" text,
	"created_at" timestamp with time zone,
	"aaguid" text,
	CONSTRAINT "auth_passkeys_credential_id_unique" UNIQUE("credential_id")
);
--> statement-breakpoint
CREATE TABLE "auth_second_factors" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"secret" text NOT NULL,
	"backup_codes" text NOT NULL,
	"verified" boolean DEFAULT true,
	"failed_verification_count" integer DEFAULT 0,
	"locked_until" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "auth_sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"token" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"method" text DEFAULT 'pending' NOT NULL,
	"seen_at" timestamp with time zone,
	CONSTRAINT "auth_sessions_token_unique" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "auth_users" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean NOT NULL,
	"image" text,
	"two_factor_enabled" boolean DEFAULT false,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"roles" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"last_sign_in_at" timestamp with time zone,
	CONSTRAINT "auth_users_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "auth_verifications" (
	"id" text PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "intake_tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"title" text NOT NULL,
	"hash" text NOT NULL,
	"sources" jsonb NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "case_corrections" (
	"id" text PRIMARY KEY NOT NULL,
	"case_id" text NOT NULL,
	"person_id" text NOT NULL,
	"item" text NOT NULL,
	"says" text NOT NULL,
	"told_to" text NOT NULL,
	"by_user" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "case_decisions" (
	"id" text PRIMARY KEY NOT NULL,
	"case_id" text NOT NULL,
	"person_id" text NOT NULL,
	"kind" text NOT NULL,
	"what" text NOT NULL,
	"reason" text NOT NULL,
	"rests" jsonb NOT NULL,
	"readings" jsonb NOT NULL,
	"rule" jsonb NOT NULL,
	"told" text NOT NULL,
	"by_user" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "case_disputes" (
	"id" text PRIMARY KEY NOT NULL,
	"case_id" text NOT NULL,
	"person_id" text NOT NULL,
	"says" text NOT NULL,
	"received" text NOT NULL,
	"answer" text,
	"answered_by" text,
	"answered_at" timestamp with time zone,
	"by_user" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "case_entries" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "case_entries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"case_id" text NOT NULL,
	"person_id" text,
	"kind" text NOT NULL,
	"says" text NOT NULL,
	"before" jsonb NOT NULL,
	"by_user" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "case_exceptions" (
	"id" text PRIMARY KEY NOT NULL,
	"case_id" text NOT NULL,
	"person_id" text NOT NULL,
	"reason" text NOT NULL,
	"by_user" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "case_frozen" (
	"id" text PRIMARY KEY NOT NULL,
	"case_id" text NOT NULL,
	"person_id" text NOT NULL,
	"snapshot" integer NOT NULL,
	"as_of" text NOT NULL,
	"content" text NOT NULL,
	"json" text NOT NULL,
	"sha256" text NOT NULL,
	"by_user" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "case_hypotheses" (
	"id" text PRIMARY KEY NOT NULL,
	"case_id" text NOT NULL,
	"person_id" text,
	"kind" text NOT NULL,
	"says" text NOT NULL,
	"detections" jsonb NOT NULL,
	"state" text NOT NULL,
	"answer" text,
	"answered_by" text,
	"answered_at" timestamp with time zone,
	"by_user" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "case_items" (
	"id" text PRIMARY KEY NOT NULL,
	"case_id" text NOT NULL,
	"person_id" text,
	"kind" text NOT NULL,
	"says" text NOT NULL,
	"data" jsonb NOT NULL,
	"sha256" text NOT NULL,
	"state" text NOT NULL,
	"by_user" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"set_aside" text
);
--> statement-breakpoint
CREATE TABLE "case_letters" (
	"id" text PRIMARY KEY NOT NULL,
	"case_id" text NOT NULL,
	"person_id" text NOT NULL,
	"template" text NOT NULL,
	"text" text NOT NULL,
	"sent" text,
	"answer_by" text,
	"sent_by" text,
	"by_user" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "case_marks" (
	"case_id" text NOT NULL,
	"hypothesis" text NOT NULL,
	"item" text NOT NULL,
	"mark" text NOT NULL,
	"by_user" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "case_marks_hypothesis_item_pk" PRIMARY KEY("hypothesis","item")
);
--> statement-breakpoint
CREATE TABLE "case_members" (
	"case_id" text NOT NULL,
	"user_id" text NOT NULL,
	"part" text NOT NULL,
	"added_by" text NOT NULL,
	"added_at" timestamp with time zone NOT NULL,
	CONSTRAINT "case_members_case_id_user_id_pk" PRIMARY KEY("case_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "case_merges" (
	"id" text PRIMARY KEY NOT NULL,
	"from_case" text NOT NULL,
	"into_number" integer NOT NULL,
	"reason" text NOT NULL,
	"asked_by" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"state" text NOT NULL,
	"answered_by" text,
	"answered_at" timestamp with time zone,
	"members" jsonb NOT NULL,
	"people" jsonb NOT NULL,
	"undone_by" text,
	"undone_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "case_people" (
	"case_id" text NOT NULL,
	"person_id" text NOT NULL,
	"why" text NOT NULL,
	"added_by" text NOT NULL,
	"added_at" timestamp with time zone NOT NULL,
	CONSTRAINT "case_people_case_id_person_id_pk" PRIMARY KEY("case_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "case_splits" (
	"id" text PRIMARY KEY NOT NULL,
	"from_case" text NOT NULL,
	"to_case" text NOT NULL,
	"people" jsonb NOT NULL,
	"sources" jsonb NOT NULL,
	"reason" text NOT NULL,
	"by_user" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"undone_by" text,
	"undone_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "case_sweep" (
	"case_id" text NOT NULL,
	"person_id" text NOT NULL,
	"decision" text NOT NULL,
	"reason" text NOT NULL,
	"by_user" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "case_sweep_case_id_person_id_pk" PRIMARY KEY("case_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "case_tasks" (
	"id" text PRIMARY KEY NOT NULL,
	"case_id" text NOT NULL,
	"person_id" text,
	"step" text NOT NULL,
	"position" integer NOT NULL,
	"title" text NOT NULL,
	"say" text NOT NULL,
	"done" text NOT NULL,
	"role" text,
	"after" jsonb NOT NULL,
	"assignee" text,
	"due_at" timestamp with time zone,
	"state" text NOT NULL,
	"note" text,
	"done_by" text,
	"done_at" timestamp with time zone,
	"by_user" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "cases" (
	"id" text PRIMARY KEY NOT NULL,
	"number" integer NOT NULL,
	"title" text NOT NULL,
	"about" text NOT NULL,
	"state" text NOT NULL,
	"playbook" text NOT NULL,
	"opened_by" text NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"reason" text NOT NULL,
	"approved_by" text,
	"approved_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"origin" text,
	"ring" text,
	"vendor" text,
	"outcome" text,
	"merged_into" text,
	CONSTRAINT "cases_number_unique" UNIQUE("number")
);
--> statement-breakpoint
CREATE TABLE "check_draw_people" (
	"period" text NOT NULL,
	"person_id" text NOT NULL,
	"from_day" date NOT NULL,
	"added_at" timestamp with time zone NOT NULL,
	CONSTRAINT "check_draw_people_period_person_id_pk" PRIMARY KEY("period","person_id")
);
--> statement-breakpoint
CREATE TABLE "check_draws" (
	"period" text PRIMARY KEY NOT NULL,
	"from_day" date NOT NULL,
	"to_day" date NOT NULL,
	"promise" text NOT NULL,
	"promised_at" timestamp with time zone NOT NULL,
	"challenges" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "check_words" (
	"id" text PRIMARY KEY NOT NULL,
	"check_id" text NOT NULL,
	"by" text NOT NULL,
	"part" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"answers" jsonb NOT NULL,
	"outcome" text NOT NULL,
	"other_way" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "checks" (
	"id" text PRIMARY KEY NOT NULL,
	"form" text NOT NULL,
	"person_id" text NOT NULL,
	"subject" text DEFAULT '' NOT NULL,
	"occasion" text DEFAULT '' NOT NULL,
	"challenge" text,
	"assignee" text,
	"role" text,
	"state" text NOT NULL,
	"asked_by" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"case_id" text,
	"answers" jsonb,
	"outcome" text,
	"done_by" text,
	"done_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	"reason" text
);
--> statement-breakpoint
CREATE TABLE "detection_drafts" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"stage" text NOT NULL,
	"text" text NOT NULL,
	"state" text NOT NULL,
	"author" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"tried_text" text,
	"tried_scan" integer,
	"reason" text,
	"decided_by" text,
	"decided_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "finding_verdicts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "finding_verdicts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"detection" text NOT NULL,
	"person_id" text NOT NULL,
	"verdict" text NOT NULL,
	"note" text,
	"case_id" text,
	"by_user" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "fairness_counts" (
	"quarter" text NOT NULL,
	"dimension" text NOT NULL,
	"group_name" text NOT NULL,
	"measure" text NOT NULL,
	"of_people" integer NOT NULL,
	"counted" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "fairness_counts_quarter_dimension_group_name_measure_pk" PRIMARY KEY("quarter","dimension","group_name","measure")
);
--> statement-breakpoint
CREATE TABLE "work" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "work_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"payload" jsonb NOT NULL,
	"key" text,
	"at" timestamp with time zone NOT NULL,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"taken_by" text,
	"lease_until" timestamp with time zone,
	"problem" text
);
--> statement-breakpoint
CREATE TABLE "response_bundles" (
	"id" text PRIMARY KEY NOT NULL,
	"case_id" text NOT NULL,
	"sha256" text NOT NULL,
	"bytes" integer NOT NULL,
	"entries" integer NOT NULL,
	"options" jsonb NOT NULL,
	"why" text NOT NULL,
	"by_user" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "response_letters" (
	"id" text PRIMARY KEY NOT NULL,
	"case_id" text NOT NULL,
	"person_id" text NOT NULL,
	"template" text NOT NULL,
	"title" text NOT NULL,
	"counsel" text NOT NULL,
	"by_user" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"released_by" text,
	"released_at" timestamp with time zone,
	"released_sha256" text,
	"filed" text,
	"filed_by" text,
	"filed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "response_marks" (
	"plan_id" text NOT NULL,
	"item" text NOT NULL,
	"turn" integer NOT NULL,
	"state" text NOT NULL,
	"note" text NOT NULL,
	"by_user" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "response_marks_plan_id_item_turn_pk" PRIMARY KEY("plan_id","item","turn")
);
--> statement-breakpoint
CREATE TABLE "response_plans" (
	"id" text PRIMARY KEY NOT NULL,
	"case_id" text NOT NULL,
	"person_id" text NOT NULL,
	"as_of" text NOT NULL,
	"items" jsonb NOT NULL,
	"by_user" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "response_reach" (
	"id" text PRIMARY KEY NOT NULL,
	"case_id" text NOT NULL,
	"person_id" text NOT NULL,
	"as_of" text NOT NULL,
	"json" text NOT NULL,
	"sha256" text NOT NULL,
	"by_user" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "response_tabletops" (
	"id" text PRIMARY KEY NOT NULL,
	"playbook" text NOT NULL,
	"held" text NOT NULL,
	"took" text NOT NULL,
	"found" text NOT NULL,
	"next" text NOT NULL,
	"by_user" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "response_texts" (
	"letter_id" text NOT NULL,
	"version" integer NOT NULL,
	"text" text NOT NULL,
	"by_user" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "response_texts_letter_id_version_pk" PRIMARY KEY("letter_id","version")
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "batch_files" (
	"batch" integer NOT NULL,
	"file" text NOT NULL,
	"hidden" boolean NOT NULL,
	"connector" text,
	"recognised" text NOT NULL,
	"format" text NOT NULL,
	"bytes" bigint NOT NULL,
	"received" bigint,
	"first_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"read" bigint NOT NULL,
	"kept" bigint NOT NULL,
	"unused" bigint NOT NULL,
	"duplicate" bigint NOT NULL,
	"rejected" bigint NOT NULL,
	"problem" text,
	CONSTRAINT "batch_files_batch_file_pk" PRIMARY KEY("batch","file")
);
--> statement-breakpoint
CREATE TABLE "batch_rejects" (
	"batch" integer NOT NULL,
	"nth" integer NOT NULL,
	"file" text NOT NULL,
	"line" bigint NOT NULL,
	"reason" text NOT NULL,
	CONSTRAINT "batch_rejects_batch_nth_pk" PRIMARY KEY("batch","nth")
);
--> statement-breakpoint
CREATE TABLE "batches" (
	"number" integer PRIMARY KEY NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone NOT NULL,
	"deliveries" integer NOT NULL,
	"records" bigint NOT NULL,
	"files" integer NOT NULL,
	"bytes" bigint NOT NULL,
	"purged_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "standings" (
	"person_id" text PRIMARY KEY NOT NULL,
	"band" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"scan" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "training_attempts" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"module" text NOT NULL,
	"version" text NOT NULL,
	"answers" jsonb NOT NULL,
	"right_answers" integer NOT NULL,
	"tasks" integer NOT NULL,
	"passed" boolean NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "training_sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"module" text NOT NULL,
	"group_name" text NOT NULL,
	"attended" integer NOT NULL,
	"invited" integer NOT NULL,
	"held_on" text NOT NULL,
	"recorded_by" text NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "vendor_answers" (
	"id" text PRIMARY KEY NOT NULL,
	"vendor_id" text NOT NULL,
	"answers" jsonb NOT NULL,
	"recorded_by" text NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "vendor_audit_workers" (
	"audit_id" text NOT NULL,
	"person_id" text NOT NULL,
	"evidence" text,
	"same_person" text,
	"employed_by_firm" text,
	"note" text,
	"recorded_by" text,
	"recorded_at" timestamp with time zone,
	CONSTRAINT "vendor_audit_workers_audit_id_person_id_pk" PRIMARY KEY("audit_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "vendor_audits" (
	"id" text PRIMARY KEY NOT NULL,
	"vendor_id" text NOT NULL,
	"vendor_name" text NOT NULL,
	"period" text NOT NULL,
	"seed" text NOT NULL,
	"drawn_from" jsonb NOT NULL,
	"size" integer NOT NULL,
	"state" text NOT NULL,
	"outcome" text,
	"note" text,
	"opened_by" text NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"closed_by" text,
	"closed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "vendor_clauses" (
	"vendor_id" text NOT NULL,
	"clause" text NOT NULL,
	"state" text NOT NULL,
	"note" text NOT NULL,
	"recorded_by" text NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	CONSTRAINT "vendor_clauses_vendor_id_clause_pk" PRIMARY KEY("vendor_id","clause")
);
--> statement-breakpoint
CREATE TABLE "vendors" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"added_by" text NOT NULL,
	"added_at" timestamp with time zone NOT NULL,
	CONSTRAINT "vendors_name_unique" UNIQUE("name")
);
--> statement-breakpoint
ALTER TABLE "auth_accounts" ADD CONSTRAINT "auth_accounts_user_id_auth_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."auth_users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth_links" ADD CONSTRAINT "auth_links_user_id_auth_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."auth_users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth_passkeys" ADD CONSTRAINT "auth_passkeys_user_id_auth_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."auth_users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth_second_factors" ADD CONSTRAINT "auth_second_factors_user_id_auth_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."auth_users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth_sessions" ADD CONSTRAINT "auth_sessions_user_id_auth_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."auth_users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_time" ON "audit" USING btree ("time");--> statement-breakpoint
CREATE INDEX "audit_actor" ON "audit" USING btree ("actor","number");--> statement-breakpoint
CREATE INDEX "audit_subject" ON "audit" USING btree ("subject","number");--> statement-breakpoint
CREATE INDEX "auth_accounts_user" ON "auth_accounts" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "auth_passkeys_user" ON "auth_passkeys" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "auth_second_factors_user" ON "auth_second_factors" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "auth_sessions_user" ON "auth_sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "auth_verifications_identifier" ON "auth_verifications" USING btree ("identifier");--> statement-breakpoint
CREATE INDEX "case_corrections_case" ON "case_corrections" USING btree ("case_id");--> statement-breakpoint
CREATE INDEX "case_decisions_case" ON "case_decisions" USING btree ("case_id");--> statement-breakpoint
CREATE INDEX "case_decisions_person" ON "case_decisions" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "case_disputes_case" ON "case_disputes" USING btree ("case_id");--> statement-breakpoint
CREATE INDEX "case_disputes_person" ON "case_disputes" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "case_entries_case" ON "case_entries" USING btree ("case_id");--> statement-breakpoint
CREATE INDEX "case_exceptions_case" ON "case_exceptions" USING btree ("case_id");--> statement-breakpoint
CREATE INDEX "case_frozen_case" ON "case_frozen" USING btree ("case_id");--> statement-breakpoint
CREATE INDEX "case_hypotheses_case" ON "case_hypotheses" USING btree ("case_id");--> statement-breakpoint
CREATE INDEX "case_items_case" ON "case_items" USING btree ("case_id");--> statement-breakpoint
CREATE INDEX "case_letters_case" ON "case_letters" USING btree ("case_id");--> statement-breakpoint
CREATE INDEX "case_merges_from" ON "case_merges" USING btree ("from_case");--> statement-breakpoint
CREATE INDEX "case_merges_into" ON "case_merges" USING btree ("into_number");--> statement-breakpoint
CREATE INDEX "case_splits_from" ON "case_splits" USING btree ("from_case");--> statement-breakpoint
CREATE INDEX "case_splits_to" ON "case_splits" USING btree ("to_case");--> statement-breakpoint
CREATE INDEX "case_tasks_case" ON "case_tasks" USING btree ("case_id");--> statement-breakpoint
CREATE INDEX "check_words_check" ON "check_words" USING btree ("check_id");--> statement-breakpoint
CREATE INDEX "checks_person" ON "checks" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "checks_due" ON "checks" USING btree ("state","due_at");--> statement-breakpoint
CREATE INDEX "checks_assignee" ON "checks" USING btree ("assignee");--> statement-breakpoint
CREATE UNIQUE INDEX "checks_occasion" ON "checks" USING btree ("form","person_id","subject","occasion");--> statement-breakpoint
CREATE INDEX "finding_verdicts_detection" ON "finding_verdicts" USING btree ("detection","person_id");--> statement-breakpoint
CREATE INDEX "work_due" ON "work" USING btree ("state","at");--> statement-breakpoint
CREATE UNIQUE INDEX "work_key" ON "work" USING btree ("key") WHERE "work"."state" = 'waiting';--> statement-breakpoint
CREATE INDEX "response_bundles_case" ON "response_bundles" USING btree ("case_id");--> statement-breakpoint
CREATE INDEX "response_letters_case" ON "response_letters" USING btree ("case_id");--> statement-breakpoint
CREATE INDEX "response_plans_case" ON "response_plans" USING btree ("case_id");--> statement-breakpoint
CREATE INDEX "response_reach_case" ON "response_reach" USING btree ("case_id");--> statement-breakpoint
CREATE INDEX "batch_files_connector" ON "batch_files" USING btree ("connector","last_at");--> statement-breakpoint
CREATE INDEX "training_attempts_user" ON "training_attempts" USING btree ("user_id","module");--> statement-breakpoint
CREATE INDEX "vendor_answers_vendor" ON "vendor_answers" USING btree ("vendor_id");--> statement-breakpoint
CREATE INDEX "vendor_audits_vendor" ON "vendor_audits" USING btree ("vendor_id");