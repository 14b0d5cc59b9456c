CREATE TABLE `bank_accounts` (
	`shop_id` text PRIMARY KEY NOT NULL,
	`sealed` text NOT NULL,
	`shown` text NOT NULL,
	`updated_by` text NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `basket_items` (
	`member_id` text NOT NULL,
	`spec_id` text NOT NULL,
	`qty` integer NOT NULL,
	`show_id` text NOT NULL,
	`seen_fen` integer NOT NULL,
	`added_at` integer NOT NULL,
	PRIMARY KEY(`member_id`, `spec_id`),
	CONSTRAINT "basket_items_qty" CHECK("basket_items"."qty" > 0)
);
--> statement-breakpoint
CREATE TABLE `budgets` (
	`id` text PRIMARY KEY NOT NULL,
	`payer` text NOT NULL,
	`shop_id` text NOT NULL,
	`name` text NOT NULL,
	`total_fen` integer NOT NULL,
	`left_fen` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	CONSTRAINT "budgets_left" CHECK("budgets"."left_fen" >= 0 and "budgets"."left_fen" <= "budgets"."total_fen")
);
--> statement-breakpoint
CREATE INDEX `budgets_shop` ON `budgets` (`payer`,`shop_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `compensations` (
	`id` text PRIMARY KEY NOT NULL,
	`order_id` text NOT NULL,
	`spec_id` text NOT NULL,
	`shop_id` text NOT NULL,
	`member_id` text NOT NULL,
	`what` text NOT NULL,
	`qty` integer NOT NULL,
	`asked_fen` integer NOT NULL,
	`granted_fen` integer NOT NULL,
	`state` text NOT NULL,
	`open_key` text NOT NULL,
	`case_id` text NOT NULL,
	`code` text NOT NULL,
	`file_ids` text NOT NULL,
	`words` text NOT NULL,
	`created_at` integer NOT NULL,
	`closed_at` integer NOT NULL,
	CONSTRAINT "compensations_granted" CHECK("compensations"."granted_fen" >= 0 and "compensations"."granted_fen" <= "compensations"."asked_fen")
);
--> statement-breakpoint
CREATE UNIQUE INDEX `compensations_open_key_unique` ON `compensations` (`open_key`);--> statement-breakpoint
CREATE INDEX `compensations_order` ON `compensations` (`order_id`);--> statement-breakpoint
CREATE INDEX `compensations_member` ON `compensations` (`member_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `compensations_shop` ON `compensations` (`shop_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `compensations_case` ON `compensations` (`case_id`);--> statement-breakpoint
CREATE TABLE `entries` (
	`posting_id` text NOT NULL,
	`n` integer NOT NULL,
	`account` text NOT NULL,
	`fen` integer NOT NULL,
	`test` integer NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`posting_id`, `n`),
	CONSTRAINT "entries_fen" CHECK("entries"."fen" <> 0)
);
--> statement-breakpoint
CREATE INDEX `entries_account` ON `entries` (`account`,`test`,`at`);--> statement-breakpoint
CREATE TABLE `flash_sales` (
	`id` text PRIMARY KEY NOT NULL,
	`show_id` text NOT NULL,
	`product_id` text NOT NULL,
	`spec_id` text NOT NULL,
	`price_fen` integer NOT NULL,
	`total` integer NOT NULL,
	`left` integer NOT NULL,
	`per_member` integer NOT NULL,
	`starts_at` integer NOT NULL,
	`ends_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	CONSTRAINT "flash_sales_left" CHECK("flash_sales"."left" >= 0 and "flash_sales"."left" <= "flash_sales"."total"),
	CONSTRAINT "flash_sales_price" CHECK("flash_sales"."price_fen" > 0),
	CONSTRAINT "flash_sales_each" CHECK("flash_sales"."per_member" > 0)
);
--> statement-breakpoint
CREATE INDEX `flash_sales_show` ON `flash_sales` (`show_id`,`ends_at`);--> statement-breakpoint
CREATE INDEX `flash_sales_spec` ON `flash_sales` (`spec_id`,`ends_at`);--> statement-breakpoint
CREATE TABLE `flash_takes` (
	`flash_id` text NOT NULL,
	`member_id` text NOT NULL,
	`qty` integer NOT NULL,
	PRIMARY KEY(`flash_id`, `member_id`),
	CONSTRAINT "flash_takes_qty" CHECK("flash_takes"."qty" >= 0)
);
--> statement-breakpoint
CREATE TABLE `freight_templates` (
	`id` text PRIMARY KEY NOT NULL,
	`shop_id` text NOT NULL,
	`name` text NOT NULL,
	`zones` text NOT NULL,
	`refused` text NOT NULL,
	`version` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `freight_templates_shop` ON `freight_templates` (`shop_id`,`id`);--> statement-breakpoint
CREATE TABLE `lot_specs` (
	`lot_id` text NOT NULL,
	`spec_id` text NOT NULL,
	`qty` integer NOT NULL,
	`left` integer NOT NULL,
	PRIMARY KEY(`lot_id`, `spec_id`),
	CONSTRAINT "lot_specs_left" CHECK("lot_specs"."left" >= 0 and "lot_specs"."left" <= "lot_specs"."qty")
);
--> statement-breakpoint
CREATE INDEX `lot_specs_spec` ON `lot_specs` (`spec_id`);--> statement-breakpoint
CREATE TABLE `lot_uses` (
	`order_id` text NOT NULL,
	`spec_id` text NOT NULL,
	`lot_id` text NOT NULL,
	`qty` integer NOT NULL,
	PRIMARY KEY(`order_id`, `spec_id`, `lot_id`),
	CONSTRAINT "lot_uses_qty" CHECK("lot_uses"."qty" > 0)
);
--> statement-breakpoint
CREATE INDEX `lot_uses_lot` ON `lot_uses` (`lot_id`,`order_id`);--> statement-breakpoint
CREATE TABLE `lots` (
	`id` text PRIMARY KEY NOT NULL,
	`shop_id` text NOT NULL,
	`product_id` text NOT NULL,
	`source` text NOT NULL,
	`source_name` text NOT NULL,
	`lands_at` integer NOT NULL,
	`grams` integer NOT NULL,
	`state` text NOT NULL,
	`version` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	CONSTRAINT "lots_grams" CHECK("lots"."grams" > 0)
);
--> statement-breakpoint
CREATE INDEX `lots_shop` ON `lots` (`shop_id`,`lands_at`,`id`);--> statement-breakpoint
CREATE INDEX `lots_product` ON `lots` (`product_id`,`lands_at`,`id`);--> statement-breakpoint
CREATE TABLE `order_coupons` (
	`order_id` text NOT NULL,
	`coupon_id` text NOT NULL,
	`nth` integer NOT NULL,
	`off_fen` integer NOT NULL,
	`payer` text NOT NULL,
	PRIMARY KEY(`order_id`, `coupon_id`, `nth`),
	CONSTRAINT "order_coupons_off" CHECK("order_coupons"."off_fen" >= 0)
);
--> statement-breakpoint
CREATE TABLE `order_refunds` (
	`id` text PRIMARY KEY NOT NULL,
	`order_id` text NOT NULL,
	`key` text NOT NULL,
	`cause` text NOT NULL,
	`lines` text NOT NULL,
	`goods_fen` integer NOT NULL,
	`freight_fen` integer NOT NULL,
	`state` text NOT NULL,
	`words` text NOT NULL,
	`actor_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`done_at` integer NOT NULL,
	CONSTRAINT "order_refunds_fen" CHECK("order_refunds"."goods_fen" >= 0 and "order_refunds"."freight_fen" >= 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `order_refunds_key` ON `order_refunds` (`order_id`,`key`);--> statement-breakpoint
CREATE INDEX `order_refunds_state` ON `order_refunds` (`state`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `parcels` (
	`id` text PRIMARY KEY NOT NULL,
	`code` text NOT NULL,
	`shop_id` text NOT NULL,
	`member_id` text NOT NULL,
	`deliver_to` text NOT NULL,
	`temp_class` text NOT NULL,
	`state` text NOT NULL,
	`grams` integer NOT NULL,
	`carrier` text NOT NULL,
	`tracking_no` text NOT NULL,
	`packed_by` text NOT NULL,
	`packed_at` integer NOT NULL,
	`shipped_by` text NOT NULL,
	`shipped_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `parcels_code_unique` ON `parcels` (`code`);--> statement-breakpoint
CREATE INDEX `parcels_shop` ON `parcels` (`shop_id`,`state`,`packed_at`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `parcels_tracking` ON `parcels` (`carrier`,`tracking_no`,`id`);--> statement-breakpoint
CREATE TABLE `payout_batches` (
	`id` text PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`total_fen` integer NOT NULL,
	`up_to` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`first_by` text NOT NULL,
	`first_at` integer NOT NULL,
	`second_by` text NOT NULL,
	`second_at` integer NOT NULL,
	`version` integer NOT NULL,
	CONSTRAINT "payout_batches_two" CHECK("payout_batches"."second_by" = '' or "payout_batches"."second_by" <> "payout_batches"."first_by")
);
--> statement-breakpoint
CREATE INDEX `payout_batches_at` ON `payout_batches` (`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `payouts` (
	`batch_id` text NOT NULL,
	`shop_id` text NOT NULL,
	`fen` integer NOT NULL,
	`payee` text NOT NULL,
	PRIMARY KEY(`batch_id`, `shop_id`),
	CONSTRAINT "payouts_fen" CHECK("payouts"."fen" > 0)
);
--> statement-breakpoint
CREATE INDEX `payouts_shop` ON `payouts` (`shop_id`);--> statement-breakpoint
CREATE TABLE `photo_codes` (
	`order_id` text NOT NULL,
	`code` text NOT NULL,
	`made_at` integer NOT NULL,
	PRIMARY KEY(`order_id`, `code`)
);
--> statement-breakpoint
CREATE TABLE `postings` (
	`id` text PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`kind` text NOT NULL,
	`order_id` text NOT NULL,
	`shop_id` text NOT NULL,
	`test` integer NOT NULL,
	`words` text NOT NULL,
	`actor_id` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `postings_key_unique` ON `postings` (`key`);--> statement-breakpoint
CREATE INDEX `postings_shop` ON `postings` (`shop_id`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `postings_order` ON `postings` (`order_id`);--> statement-breakpoint
CREATE TABLE `reconciliations` (
	`gateway` text NOT NULL,
	`day` text NOT NULL,
	`state` text NOT NULL,
	`ours_fen` integer NOT NULL,
	`theirs_fen` integer NOT NULL,
	`differences` text NOT NULL,
	`done_at` integer NOT NULL,
	`settled_by` text NOT NULL,
	`words` text NOT NULL,
	PRIMARY KEY(`gateway`, `day`)
);
--> statement-breakpoint
CREATE TABLE `redemptions` (
	`id` text PRIMARY KEY NOT NULL,
	`voucher_id` text NOT NULL,
	`shop_id` text NOT NULL,
	`gate_id` text NOT NULL,
	`by_id` text NOT NULL,
	`at` integer NOT NULL,
	`heard_at` integer NOT NULL,
	`offline` integer NOT NULL,
	`outcome` text NOT NULL,
	`words` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `redemptions_voucher` ON `redemptions` (`voucher_id`,`heard_at`);--> statement-breakpoint
CREATE INDEX `redemptions_shop` ON `redemptions` (`shop_id`,`heard_at`,`id`);--> statement-breakpoint
CREATE TABLE `reviews` (
	`id` text PRIMARY KEY NOT NULL,
	`order_id` text NOT NULL,
	`spec_id` text NOT NULL,
	`product_id` text NOT NULL,
	`shop_id` text NOT NULL,
	`member_id` text NOT NULL,
	`buyer` text NOT NULL,
	`stars` integer NOT NULL,
	`words` text NOT NULL,
	`photos` text NOT NULL,
	`test` integer NOT NULL,
	`created_at` integer NOT NULL,
	`reply` text NOT NULL,
	`replied_at` integer NOT NULL,
	`hidden_reason` text NOT NULL,
	`hidden_by` text NOT NULL,
	`hidden_at` integer NOT NULL,
	CONSTRAINT "reviews_stars" CHECK("reviews"."stars" between 1 and 5)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `reviews_line` ON `reviews` (`order_id`,`spec_id`);--> statement-breakpoint
CREATE INDEX `reviews_product` ON `reviews` (`product_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `reviews_shop` ON `reviews` (`shop_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `stock_waits` (
	`id` text PRIMARY KEY NOT NULL,
	`spec_id` text NOT NULL,
	`member_id` text NOT NULL,
	`qty` integer NOT NULL,
	`state` text NOT NULL,
	`open_key` text NOT NULL,
	`asked_at` integer NOT NULL,
	`offer_until` integer NOT NULL,
	`order_id` text NOT NULL,
	CONSTRAINT "stock_waits_qty" CHECK("stock_waits"."qty" > 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `stock_waits_open_key_unique` ON `stock_waits` (`open_key`);--> statement-breakpoint
CREATE INDEX `stock_waits_line` ON `stock_waits` (`spec_id`,`state`,`asked_at`,`id`);--> statement-breakpoint
CREATE INDEX `stock_waits_offers` ON `stock_waits` (`state`,`offer_until`,`id`);--> statement-breakpoint
CREATE INDEX `stock_waits_member` ON `stock_waits` (`member_id`,`asked_at`);--> statement-breakpoint
CREATE TABLE `vouchers` (
	`id` text PRIMARY KEY NOT NULL,
	`order_id` text NOT NULL,
	`spec_id` text NOT NULL,
	`product_id` text NOT NULL,
	`shop_id` text NOT NULL,
	`member_id` text NOT NULL,
	`n` integer NOT NULL,
	`code` text NOT NULL,
	`state` text NOT NULL,
	`expires_at` integer NOT NULL,
	`redeemed_at` integer NOT NULL,
	`redeemed_by` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `vouchers_line` ON `vouchers` (`order_id`,`spec_id`,`n`);--> statement-breakpoint
CREATE UNIQUE INDEX `vouchers_code` ON `vouchers` (`shop_id`,`code`);--> statement-breakpoint
CREATE INDEX `vouchers_member` ON `vouchers` (`member_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `vouchers_expiry` ON `vouchers` (`state`,`expires_at`,`id`);--> statement-breakpoint
CREATE TABLE `watched` (
	`show_id` text NOT NULL,
	`member_id` text NOT NULL,
	`ms` integer NOT NULL,
	`seen_at` integer NOT NULL,
	PRIMARY KEY(`show_id`, `member_id`)
);
--> statement-breakpoint
CREATE TABLE `weather_notices` (
	`id` text PRIMARY KEY NOT NULL,
	`provinces` text NOT NULL,
	`kind` text NOT NULL,
	`celsius` integer NOT NULL,
	`words` text NOT NULL,
	`from_at` integer NOT NULL,
	`until_at` integer NOT NULL,
	`created_by` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `weather_notices_until` ON `weather_notices` (`until_at`,`id`);--> statement-breakpoint
PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_coupons` (
	`id` text PRIMARY KEY NOT NULL,
	`shop_id` text NOT NULL,
	`host_id` text NOT NULL,
	`show_id` text NOT NULL,
	`kind` text NOT NULL,
	`off_fen` integer NOT NULL,
	`off_permyriad` integer DEFAULT 0 NOT NULL,
	`scope` text DEFAULT 'shop' NOT NULL,
	`product_ids` text DEFAULT '[]' NOT NULL,
	`payer` text DEFAULT 'host' NOT NULL,
	`budget_id` text DEFAULT '' NOT NULL,
	`new_buyer` integer DEFAULT false NOT NULL,
	`starts_at` integer DEFAULT 0 NOT NULL,
	`watch_ms` integer DEFAULT 0 NOT NULL,
	`code` text DEFAULT '' NOT NULL,
	`threshold_fen` integer NOT NULL,
	`total` integer NOT NULL,
	`left` integer NOT NULL,
	`per_member` integer NOT NULL,
	`ends_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	CONSTRAINT "coupons_permyriad" CHECK("__new_coupons"."off_permyriad" >= 0 and "__new_coupons"."off_permyriad" < 10000),
	CONSTRAINT "coupons_left" CHECK("__new_coupons"."left" >= 0 and "__new_coupons"."left" <= "__new_coupons"."total"),
	CONSTRAINT "coupons_off" CHECK("__new_coupons"."off_fen" > 0)
);
--> statement-breakpoint
INSERT INTO `__new_coupons`("id", "shop_id", "host_id", "show_id", "kind", "off_fen", "threshold_fen", "total", "left", "per_member", "ends_at", "created_by", "created_at") SELECT "id", "shop_id", "host_id", "show_id", "kind", "off_fen", "threshold_fen", "total", "left", "per_member", "ends_at", "created_by", "created_at" FROM `coupons`;--> statement-breakpoint
DROP TABLE `coupons`;--> statement-breakpoint
ALTER TABLE `__new_coupons` RENAME TO `coupons`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE INDEX `coupons_show` ON `coupons` (`show_id`,`created_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `coupons_code` ON `coupons` (`code`) WHERE "coupons"."code" <> '';--> statement-breakpoint
CREATE TABLE `__new_order_lines` (
	`order_id` text NOT NULL,
	`spec_id` text NOT NULL,
	`product_id` text NOT NULL,
	`title` text NOT NULL,
	`spec_name` text NOT NULL,
	`unit` text NOT NULL,
	`photo` text NOT NULL,
	`qty` integer NOT NULL,
	`price_fen` integer NOT NULL,
	`kind` text DEFAULT 'goods' NOT NULL,
	`goods_class` text DEFAULT 'fresh' NOT NULL,
	`temp_class` text DEFAULT 'chilled' NOT NULL,
	`grams` integer DEFAULT 0 NOT NULL,
	`flash_id` text DEFAULT '' NOT NULL,
	`off_fen` integer DEFAULT 0 NOT NULL,
	`refunded_qty` integer DEFAULT 0 NOT NULL,
	`refunded_fen` integer DEFAULT 0 NOT NULL,
	`perishable` integer NOT NULL,
	`perishable_agreed_at` integer,
	PRIMARY KEY(`order_id`, `spec_id`),
	CONSTRAINT "order_lines_qty" CHECK("__new_order_lines"."qty" > 0),
	CONSTRAINT "order_lines_off" CHECK("__new_order_lines"."off_fen" >= 0 and "__new_order_lines"."off_fen" <= "__new_order_lines"."qty" * "__new_order_lines"."price_fen"),
	CONSTRAINT "order_lines_returned" CHECK("__new_order_lines"."refunded_qty" >= 0 and "__new_order_lines"."refunded_qty" <= "__new_order_lines"."qty"),
	CONSTRAINT "order_lines_refunded" CHECK("__new_order_lines"."refunded_fen" >= 0 and "__new_order_lines"."refunded_fen" <= "__new_order_lines"."qty" * "__new_order_lines"."price_fen" - "__new_order_lines"."off_fen")
);
--> statement-breakpoint
INSERT INTO `__new_order_lines`("order_id", "spec_id", "product_id", "title", "spec_name", "unit", "photo", "qty", "price_fen", "perishable", "perishable_agreed_at") SELECT "order_id", "spec_id", "product_id", "title", "spec_name", "unit", "photo", "qty", "price_fen", "perishable", "perishable_agreed_at" FROM `order_lines`;--> statement-breakpoint
DROP TABLE `order_lines`;--> statement-breakpoint
ALTER TABLE `__new_order_lines` RENAME TO `order_lines`;--> statement-breakpoint
CREATE TABLE `__new_orders` (
	`id` text PRIMARY KEY NOT NULL,
	`member_id` text NOT NULL,
	`buyer` text NOT NULL,
	`key` text NOT NULL,
	`shop_id` text NOT NULL,
	`bill_id` text DEFAULT '' NOT NULL,
	`show_id` text NOT NULL,
	`state` text NOT NULL,
	`goods_fen` integer NOT NULL,
	`discount_fen` integer NOT NULL,
	`freight_fen` integer NOT NULL,
	`pay_fen` integer NOT NULL,
	`refunded_fen` integer DEFAULT 0 NOT NULL,
	`coupon_id` text NOT NULL,
	`coupon_nth` integer NOT NULL,
	`deliver_to` text NOT NULL,
	`test` integer NOT NULL,
	`payment_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`held_until` integer NOT NULL,
	`parcel_id` text DEFAULT '' NOT NULL,
	`moves_at` integer DEFAULT 0 NOT NULL,
	`paid_at` integer,
	`packed_at` integer,
	`shipped_at` integer,
	`received_at` integer,
	`done_at` integer,
	`closed_at` integer,
	CONSTRAINT "orders_refunded" CHECK("__new_orders"."refunded_fen" >= 0 and "__new_orders"."refunded_fen" <= "__new_orders"."pay_fen"),
	CONSTRAINT "orders_sum" CHECK("__new_orders"."pay_fen" = "__new_orders"."goods_fen" - "__new_orders"."discount_fen" + "__new_orders"."freight_fen"),
	CONSTRAINT "orders_discount" CHECK("__new_orders"."discount_fen" >= 0 and "__new_orders"."discount_fen" <= "__new_orders"."goods_fen")
);
--> statement-breakpoint
INSERT INTO `__new_orders`("id", "member_id", "buyer", "key", "shop_id", "show_id", "state", "goods_fen", "discount_fen", "freight_fen", "pay_fen", "coupon_id", "coupon_nth", "deliver_to", "test", "payment_id", "created_at", "held_until", "paid_at", "closed_at") SELECT "id", "member_id", "buyer", "key", "shop_id", "show_id", "state", "goods_fen", "discount_fen", "freight_fen", "pay_fen", "coupon_id", "coupon_nth", "deliver_to", "test", "payment_id", "created_at", "held_until", "paid_at", "closed_at" FROM `orders`;--> statement-breakpoint
DROP TABLE `orders`;--> statement-breakpoint
ALTER TABLE `__new_orders` RENAME TO `orders`;--> statement-breakpoint
CREATE UNIQUE INDEX `orders_key` ON `orders` (`member_id`,`key`);--> statement-breakpoint
CREATE INDEX `orders_member` ON `orders` (`member_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `orders_shop` ON `orders` (`shop_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `orders_show` ON `orders` (`show_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `orders_bill` ON `orders` (`bill_id`);--> statement-breakpoint
CREATE INDEX `orders_parcel` ON `orders` (`parcel_id`);--> statement-breakpoint
CREATE INDEX `orders_held` ON `orders` (`state`,`held_until`,`id`);--> statement-breakpoint
CREATE INDEX `orders_to_pack` ON `orders` (`shop_id`,`state`,`paid_at`,`id`);--> statement-breakpoint
CREATE INDEX `orders_moves` ON `orders` (`state`,`moves_at`,`id`);--> statement-breakpoint
ALTER TABLE `products` ADD `temp_class` text DEFAULT 'chilled' NOT NULL;--> statement-breakpoint
ALTER TABLE `products` ADD `freight_id` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `products` ADD `max_hours` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `products` ADD `max_celsius` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `products` ADD `valid_days` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `refunds` ADD `for_id` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `specs` ADD `grams` integer DEFAULT 0 NOT NULL;