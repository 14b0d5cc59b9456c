ALTER TABLE `coupons` ADD `stopped_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `flash_sales` ADD `stopped_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `flash_sales_product` ON `flash_sales` (`product_id`,`ends_at`);