CREATE TABLE `debrief_cards` (
	`show_id` text NOT NULL,
	`rule` text NOT NULL,
	`member_id` text NOT NULL,
	`words` text NOT NULL,
	`by_id` text NOT NULL,
	`at` integer NOT NULL,
	`task_id` text NOT NULL,
	`course_id` text NOT NULL,
	`class_id` text NOT NULL,
	`seat` text NOT NULL,
	PRIMARY KEY(`show_id`, `rule`)
);
--> statement-breakpoint
CREATE INDEX `debrief_cards_member` ON `debrief_cards` (`member_id`,`at`);--> statement-breakpoint
CREATE TABLE `homework_tasks` (
	`id` text PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`course_id` text NOT NULL,
	`member_id` text NOT NULL,
	`words` text NOT NULL,
	`show_id` text NOT NULL,
	`from_ms` integer NOT NULL,
	`to_ms` integer NOT NULL,
	`by_id` text NOT NULL,
	`at` integer NOT NULL,
	`homework_id` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `homework_tasks_key_unique` ON `homework_tasks` (`key`);--> statement-breakpoint
CREATE INDEX `homework_tasks_member` ON `homework_tasks` (`member_id`,`at`);--> statement-breakpoint
CREATE INDEX `homework_tasks_done` ON `homework_tasks` (`homework_id`) WHERE "homework_tasks"."homework_id" <> '';--> statement-breakpoint
CREATE TABLE `show_minutes` (
	`show_id` text NOT NULL,
	`minute` integer NOT NULL,
	`viewers` integer NOT NULL,
	PRIMARY KEY(`show_id`, `minute`),
	CONSTRAINT "show_minutes_viewers" CHECK("show_minutes"."viewers" >= 0 and "show_minutes"."minute" >= 0)
);
