ALTER TABLE `claims` ADD `off_fen` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `coupons_shop` ON `coupons` (`shop_id`,`created_at`);