ALTER TABLE `redemptions` ADD `gate_name` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `redemptions` ADD `reason` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `redemptions` ADD `first_id` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `vouchers` ADD `title` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `vouchers` ADD `spec_name` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `vouchers` ADD `test` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `vouchers_open` ON `vouchers` (`shop_id`,`state`,`id`);