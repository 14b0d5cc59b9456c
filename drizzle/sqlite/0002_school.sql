CREATE TABLE `assessments` (
	`id` text PRIMARY KEY NOT NULL,
	`show_id` text NOT NULL,
	`course_id` text NOT NULL,
	`member_id` text NOT NULL,
	`by_id` text NOT NULL,
	`scores` text NOT NULL,
	`percent` integer NOT NULL,
	`passed` integer NOT NULL,
	`words` text NOT NULL,
	`evidence` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `assessments_by` ON `assessments` (`show_id`,`course_id`,`by_id`);--> statement-breakpoint
CREATE INDEX `assessments_member` ON `assessments` (`member_id`,`course_id`,`at`);--> statement-breakpoint
CREATE INDEX `assessments_course` ON `assessments` (`course_id`,`passed`,`member_id`);--> statement-breakpoint
CREATE TABLE `attendance_sheets` (
	`occasion_id` text NOT NULL,
	`file_id` text NOT NULL,
	`by_id` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`occasion_id`, `file_id`)
);
--> statement-breakpoint
CREATE TABLE `attendances` (
	`occasion_id` text NOT NULL,
	`member_id` text NOT NULL,
	`at` integer NOT NULL,
	`how` text NOT NULL,
	`by_id` text NOT NULL,
	`undone` integer NOT NULL,
	`undone_at` integer NOT NULL,
	`undone_by` text NOT NULL,
	`undone_why` text NOT NULL,
	PRIMARY KEY(`occasion_id`, `member_id`)
);
--> statement-breakpoint
CREATE INDEX `attendances_member` ON `attendances` (`member_id`,`at`);--> statement-breakpoint
CREATE INDEX `attendances_at` ON `attendances` (`undone`,`at`);--> statement-breakpoint
CREATE TABLE `bookings` (
	`occasion_id` text NOT NULL,
	`member_id` text NOT NULL,
	`state` text NOT NULL,
	`in_line` integer NOT NULL,
	`how` text NOT NULL,
	`by_id` text NOT NULL,
	`at` integer NOT NULL,
	`changed_at` integer NOT NULL,
	`told_starts_at` integer NOT NULL,
	`told_ends_at` integer NOT NULL,
	`told_place` text NOT NULL,
	PRIMARY KEY(`occasion_id`, `member_id`)
);
--> statement-breakpoint
CREATE INDEX `bookings_line` ON `bookings` (`occasion_id`,`state`,`in_line`);--> statement-breakpoint
CREATE INDEX `bookings_member` ON `bookings` (`member_id`,`at`);--> statement-breakpoint
CREATE TABLE `branches` (
	`id` text PRIMARY KEY NOT NULL,
	`parent_id` text NOT NULL,
	`name` text NOT NULL,
	`officer_id` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `branches_name` ON `branches` (`parent_id`,`name`);--> statement-breakpoint
CREATE TABLE `busy` (
	`resource_id` text NOT NULL,
	`quarter` integer NOT NULL,
	`by_id` text NOT NULL,
	PRIMARY KEY(`resource_id`, `quarter`)
);
--> statement-breakpoint
CREATE INDEX `busy_by` ON `busy` (`by_id`);--> statement-breakpoint
CREATE TABLE `calendar_feeds` (
	`member_id` text PRIMARY KEY NOT NULL,
	`token` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `calendar_feeds_token_unique` ON `calendar_feeds` (`token`);--> statement-breakpoint
CREATE TABLE `case_lines` (
	`case_id` text NOT NULL,
	`n` integer NOT NULL,
	`at` integer NOT NULL,
	`by_id` text NOT NULL,
	`what` text NOT NULL,
	`words` text NOT NULL,
	`file_ids` text NOT NULL,
	PRIMARY KEY(`case_id`, `n`)
);
--> statement-breakpoint
CREATE TABLE `cases` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`subject_id` text NOT NULL,
	`opened_by` text NOT NULL,
	`owner_id` text NOT NULL,
	`state` text NOT NULL,
	`waiting` integer NOT NULL,
	`open_key` text NOT NULL,
	`form` text NOT NULL,
	`opened_at` integer NOT NULL,
	`due_at` integer NOT NULL,
	`closed_at` integer NOT NULL,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `cases_open_key_unique` ON `cases` (`open_key`);--> statement-breakpoint
CREATE INDEX `cases_due` ON `cases` (`waiting`,`due_at`,`id`);--> statement-breakpoint
CREATE INDEX `cases_opened_by` ON `cases` (`opened_by`,`opened_at`);--> statement-breakpoint
CREATE INDEX `cases_closed` ON `cases` (`waiting`,`closed_at`);--> statement-breakpoint
CREATE TABLE `certificates` (
	`code` text PRIMARY KEY NOT NULL,
	`course_id` text NOT NULL,
	`member_id` text NOT NULL,
	`course_title` text NOT NULL,
	`name` text NOT NULL,
	`issued_at` integer NOT NULL,
	`valid_until` integer NOT NULL,
	`issued_by` text NOT NULL,
	`revoked_at` integer NOT NULL,
	`revoked_by` text NOT NULL,
	`reason` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `certificates_member` ON `certificates` (`member_id`,`course_id`,`issued_at`);--> statement-breakpoint
CREATE INDEX `certificates_course` ON `certificates` (`course_id`,`issued_at`);--> statement-breakpoint
CREATE INDEX `certificates_issued` ON `certificates` (`issued_at`);--> statement-breakpoint
CREATE TABLE `class_materials` (
	`class_id` text NOT NULL,
	`file_id` text NOT NULL,
	`title` text NOT NULL,
	`type` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`class_id`, `file_id`)
);
--> statement-breakpoint
CREATE TABLE `classes` (
	`id` text PRIMARY KEY NOT NULL,
	`course_id` text NOT NULL,
	`trainer_id` text NOT NULL,
	`room_id` text NOT NULL,
	`kit_ids` text NOT NULL,
	`about` text NOT NULL,
	`online` integer NOT NULL,
	`show_id` text NOT NULL,
	`told_starts_at` integer NOT NULL,
	`told_place` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `classes_course` ON `classes` (`course_id`);--> statement-breakpoint
CREATE INDEX `classes_trainer` ON `classes` (`trainer_id`);--> statement-breakpoint
CREATE TABLE `courses` (
	`id` text PRIMARY KEY NOT NULL,
	`title` text NOT NULL,
	`about` text NOT NULL,
	`topic` text NOT NULL,
	`cover` text NOT NULL,
	`state` text NOT NULL,
	`practical` integer NOT NULL,
	`makes_host` integer NOT NULL,
	`assessors` integer NOT NULL,
	`pass_percent` integer NOT NULL,
	`valid_months` integer NOT NULL,
	`rubric` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `courses_state` ON `courses` (`state`,`created_at`);--> statement-breakpoint
CREATE INDEX `courses_topic` ON `courses` (`topic`);--> statement-breakpoint
CREATE TABLE `documents` (
	`id` text PRIMARY KEY NOT NULL,
	`member_id` text NOT NULL,
	`kind` text NOT NULL,
	`number` text NOT NULL,
	`file_ids` text NOT NULL,
	`valid_until` integer NOT NULL,
	`state` text NOT NULL,
	`handed_in_at` integer NOT NULL,
	`checked_at` integer NOT NULL,
	`checked_by` text NOT NULL,
	`words` text NOT NULL,
	`due_at` integer NOT NULL,
	`warned_days` integer NOT NULL,
	`case_id` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `documents_member` ON `documents` (`member_id`,`kind`);--> statement-breakpoint
CREATE INDEX `documents_state` ON `documents` (`state`,`handed_in_at`);--> statement-breakpoint
CREATE INDEX `documents_due` ON `documents` (`state`,`due_at`);--> statement-breakpoint
CREATE TABLE `feedback` (
	`occasion_id` text NOT NULL,
	`member_id` text NOT NULL,
	`stars` integer NOT NULL,
	`words` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`occasion_id`, `member_id`)
);
--> statement-breakpoint
CREATE TABLE `files` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`owner_id` text NOT NULL,
	`for_id` text NOT NULL,
	`type` text NOT NULL,
	`bytes` integer NOT NULL,
	`duration_ms` integer NOT NULL,
	`key` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `files_owner` ON `files` (`owner_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `homework` (
	`id` text PRIMARY KEY NOT NULL,
	`course_id` text NOT NULL,
	`member_id` text NOT NULL,
	`clip_id` text NOT NULL,
	`words` text NOT NULL,
	`state` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `homework_state` ON `homework` (`state`,`at`);--> statement-breakpoint
CREATE INDEX `homework_member` ON `homework` (`member_id`,`at`);--> statement-breakpoint
CREATE UNIQUE INDEX `homework_clip` ON `homework` (`clip_id`);--> statement-breakpoint
CREATE TABLE `homework_comments` (
	`id` text PRIMARY KEY NOT NULL,
	`homework_id` text NOT NULL,
	`at_ms` integer NOT NULL,
	`text` text NOT NULL,
	`voice_id` text NOT NULL,
	`by_id` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `homework_comments_of` ON `homework_comments` (`homework_id`,`at_ms`);--> statement-breakpoint
CREATE TABLE `id_looks` (
	`id` text PRIMARY KEY NOT NULL,
	`member_id` text NOT NULL,
	`by_id` text NOT NULL,
	`at` integer NOT NULL,
	`reason` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `id_looks_at` ON `id_looks` (`at`);--> statement-breakpoint
CREATE INDEX `id_looks_member` ON `id_looks` (`member_id`,`at`);--> statement-breakpoint
CREATE TABLE `leaves` (
	`id` text PRIMARY KEY NOT NULL,
	`resource_id` text NOT NULL,
	`starts_at` integer NOT NULL,
	`ends_at` integer NOT NULL,
	`reason` text NOT NULL,
	`by_id` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `leaves_ends` ON `leaves` (`ends_at`);--> statement-breakpoint
CREATE TABLE `lesson_progress` (
	`member_id` text NOT NULL,
	`lesson_id` text NOT NULL,
	`course_id` text NOT NULL,
	`seconds` integer NOT NULL,
	`done` integer NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`member_id`, `lesson_id`)
);
--> statement-breakpoint
CREATE INDEX `lesson_progress_course` ON `lesson_progress` (`course_id`,`member_id`);--> statement-breakpoint
CREATE TABLE `lessons` (
	`id` text PRIMARY KEY NOT NULL,
	`course_id` text NOT NULL,
	`position` integer NOT NULL,
	`title` text NOT NULL,
	`seconds` integer NOT NULL,
	`blocks` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `lessons_course` ON `lessons` (`course_id`,`position`);--> statement-breakpoint
CREATE TABLE `mentor_checks` (
	`mentorship_id` text NOT NULL,
	`month` text NOT NULL,
	`words` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`mentorship_id`, `month`)
);
--> statement-breakpoint
CREATE TABLE `mentor_seen` (
	`show_id` text PRIMARY KEY NOT NULL,
	`mentor_id` text NOT NULL,
	`seen_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `mentor_tasks` (
	`id` text PRIMARY KEY NOT NULL,
	`mentorship_id` text NOT NULL,
	`position` integer NOT NULL,
	`title` text NOT NULL,
	`state` text NOT NULL,
	`file_ids` text NOT NULL,
	`words` text NOT NULL,
	`shown_at` integer NOT NULL,
	`done_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `mentor_tasks_of` ON `mentor_tasks` (`mentorship_id`,`position`);--> statement-breakpoint
CREATE TABLE `mentorships` (
	`id` text PRIMARY KEY NOT NULL,
	`mentor_id` text NOT NULL,
	`apprentice_id` text NOT NULL,
	`pair_key` text NOT NULL,
	`state` text NOT NULL,
	`agreement` text NOT NULL,
	`starts_at` integer NOT NULL,
	`ends_at` integer NOT NULL,
	`mentor_signed_at` integer NOT NULL,
	`apprentice_signed_at` integer NOT NULL,
	`closed_at` integer NOT NULL,
	`reason` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `mentorships_pair_key_unique` ON `mentorships` (`pair_key`);--> statement-breakpoint
CREATE INDEX `mentorships_mentor` ON `mentorships` (`mentor_id`);--> statement-breakpoint
CREATE INDEX `mentorships_apprentice` ON `mentorships` (`apprentice_id`);--> statement-breakpoint
CREATE INDEX `mentorships_state` ON `mentorships` (`state`,`starts_at`);--> statement-breakpoint
CREATE TABLE `milestones` (
	`member_id` text NOT NULL,
	`step` text NOT NULL,
	`at` integer NOT NULL,
	`sex` text NOT NULL,
	`evidence` text NOT NULL,
	PRIMARY KEY(`member_id`, `step`)
);
--> statement-breakpoint
CREATE INDEX `milestones_step` ON `milestones` (`step`,`at`,`member_id`,`sex`);--> statement-breakpoint
CREATE TABLE `notices` (
	`id` text PRIMARY KEY NOT NULL,
	`member_id` text NOT NULL,
	`kind` text NOT NULL,
	`about` text NOT NULL,
	`href` text NOT NULL,
	`at` integer NOT NULL,
	`read_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `notices_member` ON `notices` (`member_id`,`id`);--> statement-breakpoint
CREATE INDEX `notices_unread` ON `notices` (`member_id`,`read_at`);--> statement-breakpoint
CREATE TABLE `occasions` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`subject_id` text NOT NULL,
	`series_id` text NOT NULL,
	`title` text NOT NULL,
	`place` text NOT NULL,
	`starts_at` integer NOT NULL,
	`ends_at` integer NOT NULL,
	`seats` integer NOT NULL,
	`taken` integer NOT NULL,
	`last_in_line` integer NOT NULL,
	`state` text NOT NULL,
	`reason` text NOT NULL,
	`version` integer NOT NULL,
	`news_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	CONSTRAINT "occasions_seats" CHECK("occasions"."taken" >= 0 and "occasions"."taken" <= "occasions"."seats"),
	CONSTRAINT "occasions_time" CHECK("occasions"."ends_at" > "occasions"."starts_at")
);
--> statement-breakpoint
CREATE INDEX `occasions_starts` ON `occasions` (`kind`,`starts_at`);--> statement-breakpoint
CREATE INDEX `occasions_subject` ON `occasions` (`subject_id`,`starts_at`);--> statement-breakpoint
CREATE INDEX `occasions_news` ON `occasions` (`news_at`);--> statement-breakpoint
CREATE TABLE `questions` (
	`id` text PRIMARY KEY NOT NULL,
	`course_id` text NOT NULL,
	`position` integer NOT NULL,
	`ask` text NOT NULL,
	`picture_id` text NOT NULL,
	`audio_id` text NOT NULL,
	`options` text NOT NULL,
	`right_option` integer NOT NULL,
	`why` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `questions_course` ON `questions` (`course_id`,`position`);--> statement-breakpoint
CREATE TABLE `quiz_attempts` (
	`id` text PRIMARY KEY NOT NULL,
	`member_id` text NOT NULL,
	`key` text NOT NULL,
	`course_id` text NOT NULL,
	`answers` text NOT NULL,
	`right_answers` integer NOT NULL,
	`total` integer NOT NULL,
	`passed` integer NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `quiz_attempts_key` ON `quiz_attempts` (`member_id`,`key`);--> statement-breakpoint
CREATE INDEX `quiz_attempts_course` ON `quiz_attempts` (`course_id`,`passed`,`member_id`);--> statement-breakpoint
CREATE INDEX `quiz_attempts_member` ON `quiz_attempts` (`member_id`,`course_id`,`at`);--> statement-breakpoint
CREATE TABLE `register` (
	`member_id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`branch_id` text NOT NULL,
	`sealed_id` text NOT NULL,
	`id_digest` text NOT NULL,
	`masked_id` text NOT NULL,
	`born_on` text NOT NULL,
	`sex` text NOT NULL,
	`education` text NOT NULL,
	`joined_on` text NOT NULL,
	`state` text NOT NULL,
	`changed_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `register_id_digest_unique` ON `register` (`id_digest`);--> statement-breakpoint
CREATE INDEX `register_branch` ON `register` (`branch_id`,`state`,`member_id`);--> statement-breakpoint
CREATE TABLE `register_moves` (
	`id` text PRIMARY KEY NOT NULL,
	`member_id` text NOT NULL,
	`what` text NOT NULL,
	`from_id` text NOT NULL,
	`to_id` text NOT NULL,
	`case_id` text NOT NULL,
	`by_id` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `register_moves_member` ON `register_moves` (`member_id`,`at`);--> statement-breakpoint
CREATE TABLE `resources` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`seats` integer NOT NULL,
	`open` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `resources_kind` ON `resources` (`kind`,`name`);--> statement-breakpoint
CREATE TABLE `rule_packs` (
	`name` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`rules` text NOT NULL,
	`changed_by` text NOT NULL,
	`changed_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sheet_previews` (
	`id` text PRIMARY KEY NOT NULL,
	`purpose` text NOT NULL,
	`by_id` text NOT NULL,
	`sealed_rows` text NOT NULL,
	`ends_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `sheet_previews_ends` ON `sheet_previews` (`ends_at`);--> statement-breakpoint
CREATE INDEX `audit_subject` ON `audit` (`subject`,`at`);