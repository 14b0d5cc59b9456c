DROP TABLE `courses`;--> statement-breakpoint
ALTER TABLE `film_sessions` ADD `closed` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `products` ADD `goods_class` text DEFAULT 'fresh' NOT NULL;--> statement-breakpoint
ALTER TABLE `shows` ADD `kind` text DEFAULT 'public' NOT NULL;--> statement-breakpoint
ALTER TABLE `shows` ADD `subject_id` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `shows` ADD `mentor_id` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `shows` ADD `paused` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `shows` ADD `sale_stopped` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `shows_kind` ON `shows` (`kind`,`starts_at`);--> statement-breakpoint
UPDATE `products` SET `goods_class` = 'dining' WHERE `kind` = 'voucher';
