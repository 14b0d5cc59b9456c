CREATE TABLE `review_tallies` (
	`product_id` text NOT NULL,
	`test` integer NOT NULL,
	`stars` integer NOT NULL,
	`reviews` integer NOT NULL,
	PRIMARY KEY(`product_id`, `test`, `stars`),
	CONSTRAINT "review_tallies_stars" CHECK("review_tallies"."stars" between 1 and 5 and "review_tallies"."reviews" > 0)
);
--> statement-breakpoint
ALTER TABLE `reviews` ADD `hidden_words` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `reviews` ADD `ask` text DEFAULT 'none' NOT NULL;--> statement-breakpoint
ALTER TABLE `reviews` ADD `ask_reason` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `reviews` ADD `ask_words` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `reviews` ADD `asked_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `reviews` ADD `ask_answer` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `reviews_member` ON `reviews` (`member_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `reviews_asked` ON `reviews` (`ask`,`asked_at`,`id`);--> statement-breakpoint
CREATE INDEX `reviews_hidden` ON `reviews` (`hidden_at`,`id`);