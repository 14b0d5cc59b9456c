CREATE TABLE "assessments" (
	"id" text PRIMARY KEY NOT NULL,
	"show_id" text NOT NULL,
	"course_id" text NOT NULL,
	"member_id" text NOT NULL,
	"by_id" text NOT NULL,
	"scores" jsonb NOT NULL,
	"percent" integer NOT NULL,
	"passed" boolean NOT NULL,
	"words" text NOT NULL,
	"evidence" jsonb NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "attendance_sheets" (
	"occasion_id" text NOT NULL,
	"file_id" text NOT NULL,
	"by_id" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "attendance_sheets_occasion_id_file_id_pk" PRIMARY KEY("occasion_id","file_id")
);
--> statement-breakpoint
CREATE TABLE "attendances" (
	"occasion_id" text NOT NULL,
	"member_id" text NOT NULL,
	"at" bigint NOT NULL,
	"how" text NOT NULL,
	"by_id" text NOT NULL,
	"undone" boolean NOT NULL,
	"undone_at" bigint NOT NULL,
	"undone_by" text NOT NULL,
	"undone_why" text NOT NULL,
	CONSTRAINT "attendances_occasion_id_member_id_pk" PRIMARY KEY("occasion_id","member_id")
);
--> statement-breakpoint
CREATE TABLE "bookings" (
	"occasion_id" text NOT NULL,
	"member_id" text NOT NULL,
	"state" text NOT NULL,
	"in_line" integer NOT NULL,
	"how" text NOT NULL,
	"by_id" text NOT NULL,
	"at" bigint NOT NULL,
	"changed_at" bigint NOT NULL,
	"told_starts_at" bigint NOT NULL,
	"told_ends_at" bigint NOT NULL,
	"told_place" text NOT NULL,
	CONSTRAINT "bookings_occasion_id_member_id_pk" PRIMARY KEY("occasion_id","member_id")
);
--> statement-breakpoint
CREATE TABLE "branches" (
	"id" text PRIMARY KEY NOT NULL,
	"parent_id" text NOT NULL,
	"name" text NOT NULL,
	"officer_id" text NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "busy" (
	"resource_id" text NOT NULL,
	"quarter" integer NOT NULL,
	"by_id" text NOT NULL,
	CONSTRAINT "busy_resource_id_quarter_pk" PRIMARY KEY("resource_id","quarter")
);
--> statement-breakpoint
CREATE TABLE "calendar_feeds" (
	"member_id" text PRIMARY KEY NOT NULL,
	"token" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "calendar_feeds_token_unique" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "case_lines" (
	"case_id" text NOT NULL,
	"n" integer NOT NULL,
	"at" bigint NOT NULL,
	"by_id" text NOT NULL,
	"what" text NOT NULL,
	"words" text NOT NULL,
	"file_ids" jsonb NOT NULL,
	CONSTRAINT "case_lines_case_id_n_pk" PRIMARY KEY("case_id","n")
);
--> statement-breakpoint
CREATE TABLE "cases" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"opened_by" text NOT NULL,
	"owner_id" text NOT NULL,
	"state" text NOT NULL,
	"waiting" boolean NOT NULL,
	"open_key" text NOT NULL,
	"form" jsonb NOT NULL,
	"opened_at" bigint NOT NULL,
	"due_at" bigint NOT NULL,
	"closed_at" bigint NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "cases_open_key_unique" UNIQUE("open_key")
);
--> statement-breakpoint
CREATE TABLE "certificates" (
	"code" text PRIMARY KEY NOT NULL,
	"course_id" text NOT NULL,
	"member_id" text NOT NULL,
	"course_title" text NOT NULL,
	"name" text NOT NULL,
	"issued_at" bigint NOT NULL,
	"valid_until" bigint NOT NULL,
	"issued_by" text NOT NULL,
	"revoked_at" bigint NOT NULL,
	"revoked_by" text NOT NULL,
	"reason" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "class_materials" (
	"class_id" text NOT NULL,
	"file_id" text NOT NULL,
	"title" text NOT NULL,
	"type" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "class_materials_class_id_file_id_pk" PRIMARY KEY("class_id","file_id")
);
--> statement-breakpoint
CREATE TABLE "classes" (
	"id" text PRIMARY KEY NOT NULL,
	"course_id" text NOT NULL,
	"trainer_id" text NOT NULL,
	"room_id" text NOT NULL,
	"kit_ids" jsonb NOT NULL,
	"about" text NOT NULL,
	"online" boolean NOT NULL,
	"show_id" text NOT NULL,
	"told_starts_at" bigint NOT NULL,
	"told_place" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "courses" (
	"id" text PRIMARY KEY NOT NULL,
	"title" text NOT NULL,
	"about" text NOT NULL,
	"topic" text NOT NULL,
	"cover" text NOT NULL,
	"state" text NOT NULL,
	"practical" boolean NOT NULL,
	"makes_host" boolean NOT NULL,
	"assessors" integer NOT NULL,
	"pass_percent" integer NOT NULL,
	"valid_months" integer NOT NULL,
	"rubric" jsonb NOT NULL,
	"version" integer NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "documents" (
	"id" text PRIMARY KEY NOT NULL,
	"member_id" text NOT NULL,
	"kind" text NOT NULL,
	"number" text NOT NULL,
	"file_ids" jsonb NOT NULL,
	"valid_until" bigint NOT NULL,
	"state" text NOT NULL,
	"handed_in_at" bigint NOT NULL,
	"checked_at" bigint NOT NULL,
	"checked_by" text NOT NULL,
	"words" text NOT NULL,
	"due_at" bigint NOT NULL,
	"warned_days" integer NOT NULL,
	"case_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "feedback" (
	"occasion_id" text NOT NULL,
	"member_id" text NOT NULL,
	"stars" integer NOT NULL,
	"words" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "feedback_occasion_id_member_id_pk" PRIMARY KEY("occasion_id","member_id")
);
--> statement-breakpoint
CREATE TABLE "files" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"owner_id" text NOT NULL,
	"for_id" text NOT NULL,
	"type" text NOT NULL,
	"bytes" integer NOT NULL,
	"duration_ms" integer NOT NULL,
	"key" text NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "homework" (
	"id" text PRIMARY KEY NOT NULL,
	"course_id" text NOT NULL,
	"member_id" text NOT NULL,
	"clip_id" text NOT NULL,
	"words" text NOT NULL,
	"state" text NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "homework_comments" (
	"id" text PRIMARY KEY NOT NULL,
	"homework_id" text NOT NULL,
	"at_ms" integer NOT NULL,
	"text" text NOT NULL,
	"voice_id" text NOT NULL,
	"by_id" text NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "id_looks" (
	"id" text PRIMARY KEY NOT NULL,
	"member_id" text NOT NULL,
	"by_id" text NOT NULL,
	"at" bigint NOT NULL,
	"reason" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "leaves" (
	"id" text PRIMARY KEY NOT NULL,
	"resource_id" text NOT NULL,
	"starts_at" bigint NOT NULL,
	"ends_at" bigint NOT NULL,
	"reason" text NOT NULL,
	"by_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "lesson_progress" (
	"member_id" text NOT NULL,
	"lesson_id" text NOT NULL,
	"course_id" text NOT NULL,
	"seconds" integer NOT NULL,
	"done" boolean NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "lesson_progress_member_id_lesson_id_pk" PRIMARY KEY("member_id","lesson_id")
);
--> statement-breakpoint
CREATE TABLE "lessons" (
	"id" text PRIMARY KEY NOT NULL,
	"course_id" text NOT NULL,
	"position" integer NOT NULL,
	"title" text NOT NULL,
	"seconds" integer NOT NULL,
	"blocks" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mentor_checks" (
	"mentorship_id" text NOT NULL,
	"month" text NOT NULL,
	"words" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "mentor_checks_mentorship_id_month_pk" PRIMARY KEY("mentorship_id","month")
);
--> statement-breakpoint
CREATE TABLE "mentor_seen" (
	"show_id" text PRIMARY KEY NOT NULL,
	"mentor_id" text NOT NULL,
	"seen_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mentor_tasks" (
	"id" text PRIMARY KEY NOT NULL,
	"mentorship_id" text NOT NULL,
	"position" integer NOT NULL,
	"title" text NOT NULL,
	"state" text NOT NULL,
	"file_ids" jsonb NOT NULL,
	"words" text NOT NULL,
	"shown_at" bigint NOT NULL,
	"done_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mentorships" (
	"id" text PRIMARY KEY NOT NULL,
	"mentor_id" text NOT NULL,
	"apprentice_id" text NOT NULL,
	"pair_key" text NOT NULL,
	"state" text NOT NULL,
	"agreement" text NOT NULL,
	"starts_at" bigint NOT NULL,
	"ends_at" bigint NOT NULL,
	"mentor_signed_at" bigint NOT NULL,
	"apprentice_signed_at" bigint NOT NULL,
	"closed_at" bigint NOT NULL,
	"reason" text NOT NULL,
	CONSTRAINT "mentorships_pair_key_unique" UNIQUE("pair_key")
);
--> statement-breakpoint
CREATE TABLE "milestones" (
	"member_id" text NOT NULL,
	"step" text NOT NULL,
	"at" bigint NOT NULL,
	"sex" text NOT NULL,
	"evidence" text NOT NULL,
	CONSTRAINT "milestones_member_id_step_pk" PRIMARY KEY("member_id","step")
);
--> statement-breakpoint
CREATE TABLE "notices" (
	"id" text PRIMARY KEY NOT NULL,
	"member_id" text NOT NULL,
	"kind" text NOT NULL,
	"about" jsonb NOT NULL,
	"href" text NOT NULL,
	"at" bigint NOT NULL,
	"read_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "occasions" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"series_id" text NOT NULL,
	"title" text NOT NULL,
	"place" text NOT NULL,
	"starts_at" bigint NOT NULL,
	"ends_at" bigint NOT NULL,
	"seats" integer NOT NULL,
	"taken" integer NOT NULL,
	"last_in_line" integer NOT NULL,
	"state" text NOT NULL,
	"reason" text NOT NULL,
	"version" integer NOT NULL,
	"news_at" bigint NOT NULL,
	"created_by" text NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "occasions_seats" CHECK ("occasions"."taken" >= 0 and "occasions"."taken" <= "occasions"."seats"),
	CONSTRAINT "occasions_time" CHECK ("occasions"."ends_at" > "occasions"."starts_at")
);
--> statement-breakpoint
CREATE TABLE "questions" (
	"id" text PRIMARY KEY NOT NULL,
	"course_id" text NOT NULL,
	"position" integer NOT NULL,
	"ask" text NOT NULL,
	"picture_id" text NOT NULL,
	"audio_id" text NOT NULL,
	"options" jsonb NOT NULL,
	"right_option" integer NOT NULL,
	"why" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "quiz_attempts" (
	"id" text PRIMARY KEY NOT NULL,
	"member_id" text NOT NULL,
	"key" text NOT NULL,
	"course_id" text NOT NULL,
	"answers" jsonb NOT NULL,
	"right_answers" integer NOT NULL,
	"total" integer NOT NULL,
	"passed" boolean NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "register" (
	"member_id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"branch_id" text NOT NULL,
	"sealed_id" text NOT NULL,
	"id_digest" text NOT NULL,
	"masked_id" text NOT NULL,
	"born_on" text NOT NULL,
	"sex" text NOT NULL,
	"education" text NOT NULL,
	"joined_on" text NOT NULL,
	"state" text NOT NULL,
	"changed_at" bigint NOT NULL,
	CONSTRAINT "register_id_digest_unique" UNIQUE("id_digest")
);
--> statement-breakpoint
CREATE TABLE "register_moves" (
	"id" text PRIMARY KEY NOT NULL,
	"member_id" text NOT NULL,
	"what" text NOT NULL,
	"from_id" text NOT NULL,
	"to_id" text NOT NULL,
	"case_id" text NOT NULL,
	"by_id" text NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "resources" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"seats" integer NOT NULL,
	"open" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rule_packs" (
	"name" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"rules" jsonb NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sheet_previews" (
	"id" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"by_id" text NOT NULL,
	"sealed_rows" text NOT NULL,
	"ends_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "assessments_by" ON "assessments" USING btree ("show_id","course_id","by_id");--> statement-breakpoint
CREATE INDEX "assessments_member" ON "assessments" USING btree ("member_id","course_id","at");--> statement-breakpoint
CREATE INDEX "assessments_course" ON "assessments" USING btree ("course_id","passed","member_id");--> statement-breakpoint
CREATE INDEX "attendances_member" ON "attendances" USING btree ("member_id","at");--> statement-breakpoint
CREATE INDEX "attendances_at" ON "attendances" USING btree ("undone","at");--> statement-breakpoint
CREATE INDEX "bookings_line" ON "bookings" USING btree ("occasion_id","state","in_line");--> statement-breakpoint
CREATE INDEX "bookings_member" ON "bookings" USING btree ("member_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "branches_name" ON "branches" USING btree ("parent_id","name");--> statement-breakpoint
CREATE INDEX "busy_by" ON "busy" USING btree ("by_id");--> statement-breakpoint
CREATE INDEX "cases_due" ON "cases" USING btree ("waiting","due_at","id");--> statement-breakpoint
CREATE INDEX "cases_opened_by" ON "cases" USING btree ("opened_by","opened_at");--> statement-breakpoint
CREATE INDEX "cases_closed" ON "cases" USING btree ("waiting","closed_at");--> statement-breakpoint
CREATE INDEX "certificates_member" ON "certificates" USING btree ("member_id","course_id","issued_at");--> statement-breakpoint
CREATE INDEX "certificates_course" ON "certificates" USING btree ("course_id","issued_at");--> statement-breakpoint
CREATE INDEX "certificates_issued" ON "certificates" USING btree ("issued_at");--> statement-breakpoint
CREATE INDEX "classes_course" ON "classes" USING btree ("course_id");--> statement-breakpoint
CREATE INDEX "classes_trainer" ON "classes" USING btree ("trainer_id");--> statement-breakpoint
CREATE INDEX "courses_state" ON "courses" USING btree ("state","created_at");--> statement-breakpoint
CREATE INDEX "courses_topic" ON "courses" USING btree ("topic");--> statement-breakpoint
CREATE INDEX "documents_member" ON "documents" USING btree ("member_id","kind");--> statement-breakpoint
CREATE INDEX "documents_state" ON "documents" USING btree ("state","handed_in_at");--> statement-breakpoint
CREATE INDEX "documents_due" ON "documents" USING btree ("state","due_at");--> statement-breakpoint
CREATE INDEX "files_owner" ON "files" USING btree ("owner_id","created_at");--> statement-breakpoint
CREATE INDEX "homework_state" ON "homework" USING btree ("state","at");--> statement-breakpoint
CREATE INDEX "homework_member" ON "homework" USING btree ("member_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "homework_clip" ON "homework" USING btree ("clip_id");--> statement-breakpoint
CREATE INDEX "homework_comments_of" ON "homework_comments" USING btree ("homework_id","at_ms");--> statement-breakpoint
CREATE INDEX "id_looks_at" ON "id_looks" USING btree ("at");--> statement-breakpoint
CREATE INDEX "id_looks_member" ON "id_looks" USING btree ("member_id","at");--> statement-breakpoint
CREATE INDEX "leaves_ends" ON "leaves" USING btree ("ends_at");--> statement-breakpoint
CREATE INDEX "lesson_progress_course" ON "lesson_progress" USING btree ("course_id","member_id");--> statement-breakpoint
CREATE INDEX "lessons_course" ON "lessons" USING btree ("course_id","position");--> statement-breakpoint
CREATE INDEX "mentor_tasks_of" ON "mentor_tasks" USING btree ("mentorship_id","position");--> statement-breakpoint
CREATE INDEX "mentorships_mentor" ON "mentorships" USING btree ("mentor_id");--> statement-breakpoint
CREATE INDEX "mentorships_apprentice" ON "mentorships" USING btree ("apprentice_id");--> statement-breakpoint
CREATE INDEX "mentorships_state" ON "mentorships" USING btree ("state","starts_at");--> statement-breakpoint
CREATE INDEX "milestones_step" ON "milestones" USING btree ("step","at","member_id","sex");--> statement-breakpoint
CREATE INDEX "notices_member" ON "notices" USING btree ("member_id","id");--> statement-breakpoint
CREATE INDEX "notices_unread" ON "notices" USING btree ("member_id","read_at");--> statement-breakpoint
CREATE INDEX "occasions_starts" ON "occasions" USING btree ("kind","starts_at");--> statement-breakpoint
CREATE INDEX "occasions_subject" ON "occasions" USING btree ("subject_id","starts_at");--> statement-breakpoint
CREATE INDEX "occasions_news" ON "occasions" USING btree ("news_at");--> statement-breakpoint
CREATE INDEX "questions_course" ON "questions" USING btree ("course_id","position");--> statement-breakpoint
CREATE UNIQUE INDEX "quiz_attempts_key" ON "quiz_attempts" USING btree ("member_id","key");--> statement-breakpoint
CREATE INDEX "quiz_attempts_course" ON "quiz_attempts" USING btree ("course_id","passed","member_id");--> statement-breakpoint
CREATE INDEX "quiz_attempts_member" ON "quiz_attempts" USING btree ("member_id","course_id","at");--> statement-breakpoint
CREATE INDEX "register_branch" ON "register" USING btree ("branch_id","state","member_id");--> statement-breakpoint
CREATE INDEX "register_moves_member" ON "register_moves" USING btree ("member_id","at");--> statement-breakpoint
CREATE INDEX "resources_kind" ON "resources" USING btree ("kind","name");--> statement-breakpoint
CREATE INDEX "sheet_previews_ends" ON "sheet_previews" USING btree ("ends_at");--> statement-breakpoint
CREATE INDEX "audit_subject" ON "audit" USING btree ("subject","at");