CREATE TABLE `goods_returns` (
	`id` text PRIMARY KEY NOT NULL,
	`order_id` text NOT NULL,
	`shop_id` text NOT NULL,
	`member_id` text NOT NULL,
	`lines` text NOT NULL,
	`state` text NOT NULL,
	`open_key` text NOT NULL,
	`parcel` text NOT NULL,
	`words` text NOT NULL,
	`created_at` integer NOT NULL,
	`due_at` integer NOT NULL,
	`closed_at` integer NOT NULL,
	`closed_by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `goods_returns_open_key_unique` ON `goods_returns` (`open_key`);--> statement-breakpoint
CREATE INDEX `goods_returns_order` ON `goods_returns` (`order_id`);--> statement-breakpoint
CREATE INDEX `goods_returns_shop` ON `goods_returns` (`shop_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `goods_returns_open` ON `goods_returns` (`state`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `money_alerts` (
	`id` text PRIMARY KEY NOT NULL,
	`action` text NOT NULL,
	`subject` text NOT NULL,
	`details` text NOT NULL,
	`at` integer NOT NULL,
	`settled_at` integer NOT NULL,
	`settled_by` text NOT NULL,
	`words` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `money_alerts_open` ON `money_alerts` (`settled_at`,`at`,`id`);--> statement-breakpoint
ALTER TABLE `compensations` ADD `percent` integer DEFAULT 100 NOT NULL;