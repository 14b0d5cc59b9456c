CREATE TABLE `account` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`provider_id` text NOT NULL,
	`user_id` text NOT NULL,
	`access_token` text,
	`refresh_token` text,
	`id_token` text,
	`access_token_expires_at` integer,
	`refresh_token_expires_at` integer,
	`scope` text,
	`password` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `account_user` ON `account` (`user_id`);--> statement-breakpoint
CREATE TABLE `addresses` (
	`id` text PRIMARY KEY NOT NULL,
	`member_id` text NOT NULL,
	`receiver` text NOT NULL,
	`phone` text NOT NULL,
	`region` text NOT NULL,
	`detail` text NOT NULL,
	`used_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `addresses_member` ON `addresses` (`member_id`,`used_at`);--> statement-breakpoint
CREATE TABLE `audit` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`actor_id` text NOT NULL,
	`action` text NOT NULL,
	`subject` text NOT NULL,
	`details` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_at` ON `audit` (`at`);--> statement-breakpoint
CREATE TABLE `claims` (
	`coupon_id` text NOT NULL,
	`member_id` text NOT NULL,
	`nth` integer NOT NULL,
	`claimed_at` integer NOT NULL,
	`order_id` text NOT NULL,
	PRIMARY KEY(`coupon_id`, `member_id`, `nth`)
);
--> statement-breakpoint
CREATE INDEX `claims_member` ON `claims` (`member_id`,`claimed_at`);--> statement-breakpoint
CREATE INDEX `claims_order` ON `claims` (`order_id`) WHERE "claims"."order_id" <> '';--> statement-breakpoint
CREATE TABLE `coupons` (
	`id` text PRIMARY KEY NOT NULL,
	`shop_id` text NOT NULL,
	`host_id` text NOT NULL,
	`show_id` text NOT NULL,
	`kind` text NOT NULL,
	`off_fen` integer NOT NULL,
	`threshold_fen` integer NOT NULL,
	`total` integer NOT NULL,
	`left` integer NOT NULL,
	`per_member` integer NOT NULL,
	`ends_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	CONSTRAINT "coupons_left" CHECK("coupons"."left" >= 0 and "coupons"."left" <= "coupons"."total"),
	CONSTRAINT "coupons_off" CHECK("coupons"."off_fen" > 0)
);
--> statement-breakpoint
CREATE INDEX `coupons_show` ON `coupons` (`show_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `courses` (
	`id` text PRIMARY KEY NOT NULL,
	`title` text NOT NULL,
	`about` text NOT NULL,
	`trainer_id` text NOT NULL,
	`place` text NOT NULL,
	`seats` integer NOT NULL,
	`starts_at` integer NOT NULL,
	`ends_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `courses_starts` ON `courses` (`starts_at`);--> statement-breakpoint
CREATE TABLE `dev_inbox` (
	`id` text PRIMARY KEY NOT NULL,
	`phone` text NOT NULL,
	`text` text NOT NULL,
	`code` text NOT NULL,
	`sent_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `dev_inbox_phone` ON `dev_inbox` (`phone`,`sent_at`);--> statement-breakpoint
CREATE INDEX `dev_inbox_sent` ON `dev_inbox` (`sent_at`);--> statement-breakpoint
CREATE TABLE `film_segments` (
	`session_id` text NOT NULL,
	`rendition` text NOT NULL,
	`msn` integer NOT NULL,
	`filmed_at` integer NOT NULL,
	`duration_ms` integer NOT NULL,
	`init` integer NOT NULL,
	`discontinuity` integer NOT NULL,
	`bytes` integer NOT NULL,
	`sha256` text NOT NULL,
	PRIMARY KEY(`session_id`, `rendition`, `msn`)
);
--> statement-breakpoint
CREATE INDEX `film_segments_filmed` ON `film_segments` (`session_id`,`rendition`,`filmed_at`);--> statement-breakpoint
CREATE TABLE `film_sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`show_id` text NOT NULL,
	`publisher_id` text NOT NULL,
	`state` text NOT NULL,
	`opened_at` integer NOT NULL,
	`first_frame_at` integer,
	`last_frame_at` integer,
	`ended_at` integer,
	`media_url` text NOT NULL,
	`holder` text NOT NULL,
	`codecs` text NOT NULL,
	`width` integer NOT NULL,
	`height` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `film_sessions_show` ON `film_sessions` (`show_id`);--> statement-breakpoint
CREATE INDEX `film_sessions_state` ON `film_sessions` (`state`);--> statement-breakpoint
CREATE TABLE `follows` (
	`member_id` text NOT NULL,
	`host_id` text NOT NULL,
	`followed_at` integer NOT NULL,
	PRIMARY KEY(`member_id`, `host_id`)
);
--> statement-breakpoint
CREATE INDEX `follows_host` ON `follows` (`host_id`);--> statement-breakpoint
CREATE TABLE `jobs` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`payload` text NOT NULL,
	`run_at` integer NOT NULL,
	`attempts` integer NOT NULL,
	`lease` text NOT NULL,
	`error` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `jobs_due` ON `jobs` (`run_at`);--> statement-breakpoint
CREATE TABLE `order_changes` (
	`order_id` text NOT NULL,
	`n` integer NOT NULL,
	`state` text NOT NULL,
	`actor_id` text NOT NULL,
	`at` integer NOT NULL,
	`note` text NOT NULL,
	PRIMARY KEY(`order_id`, `n`)
);
--> statement-breakpoint
CREATE TABLE `order_lines` (
	`order_id` text NOT NULL,
	`spec_id` text NOT NULL,
	`product_id` text NOT NULL,
	`title` text NOT NULL,
	`spec_name` text NOT NULL,
	`unit` text NOT NULL,
	`photo` text NOT NULL,
	`qty` integer NOT NULL,
	`price_fen` integer NOT NULL,
	`perishable` integer NOT NULL,
	`perishable_agreed_at` integer,
	PRIMARY KEY(`order_id`, `spec_id`),
	CONSTRAINT "order_lines_qty" CHECK("order_lines"."qty" > 0)
);
--> statement-breakpoint
CREATE TABLE `orders` (
	`id` text PRIMARY KEY NOT NULL,
	`member_id` text NOT NULL,
	`buyer` text NOT NULL,
	`key` text NOT NULL,
	`shop_id` text NOT NULL,
	`show_id` text NOT NULL,
	`state` text NOT NULL,
	`goods_fen` integer NOT NULL,
	`discount_fen` integer NOT NULL,
	`freight_fen` integer NOT NULL,
	`pay_fen` integer NOT NULL,
	`coupon_id` text NOT NULL,
	`coupon_nth` integer NOT NULL,
	`deliver_to` text NOT NULL,
	`test` integer NOT NULL,
	`payment_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`held_until` integer NOT NULL,
	`paid_at` integer,
	`closed_at` integer,
	CONSTRAINT "orders_sum" CHECK("orders"."pay_fen" = "orders"."goods_fen" - "orders"."discount_fen" + "orders"."freight_fen"),
	CONSTRAINT "orders_discount" CHECK("orders"."discount_fen" >= 0 and "orders"."discount_fen" <= "orders"."goods_fen")
);
--> statement-breakpoint
CREATE UNIQUE INDEX `orders_key` ON `orders` (`member_id`,`key`);--> statement-breakpoint
CREATE INDEX `orders_member` ON `orders` (`member_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `orders_shop` ON `orders` (`shop_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `orders_show` ON `orders` (`show_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `orders_held` ON `orders` (`state`,`held_until`,`id`);--> statement-breakpoint
CREATE TABLE `payment_events` (
	`gateway` text NOT NULL,
	`event_id` text NOT NULL,
	`payment_id` text NOT NULL,
	`type` text NOT NULL,
	`received_at` integer NOT NULL,
	PRIMARY KEY(`gateway`, `event_id`)
);
--> statement-breakpoint
CREATE TABLE `payments` (
	`id` text PRIMARY KEY NOT NULL,
	`order_id` text NOT NULL,
	`member_id` text NOT NULL,
	`attempt` integer NOT NULL,
	`gateway` text NOT NULL,
	`method` text NOT NULL,
	`amount_fen` integer NOT NULL,
	`refunded_fen` integer NOT NULL,
	`state` text NOT NULL,
	`gateway_ref` text NOT NULL,
	`pay_url` text NOT NULL,
	`capture_ref` text NOT NULL,
	`created_at` integer NOT NULL,
	`ends_at` integer NOT NULL,
	`asked_at` integer NOT NULL,
	`paid_at` integer,
	CONSTRAINT "payments_refunded" CHECK("payments"."refunded_fen" >= 0 and "payments"."refunded_fen" <= "payments"."amount_fen")
);
--> statement-breakpoint
CREATE UNIQUE INDEX `payments_attempt` ON `payments` (`order_id`,`attempt`);--> statement-breakpoint
CREATE INDEX `payments_capture` ON `payments` (`gateway`,`capture_ref`);--> statement-breakpoint
CREATE TABLE `products` (
	`id` text PRIMARY KEY NOT NULL,
	`shop_id` text NOT NULL,
	`title` text NOT NULL,
	`about` text NOT NULL,
	`kind` text NOT NULL,
	`origin` text NOT NULL,
	`caught_on` text NOT NULL,
	`perishable` integer NOT NULL,
	`photos` text NOT NULL,
	`state` text NOT NULL,
	`search_text` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `products_shop` ON `products` (`shop_id`);--> statement-breakpoint
CREATE INDEX `products_catch` ON `products` (`state`,`caught_on`,`id`);--> statement-breakpoint
CREATE TABLE `refunds` (
	`id` text PRIMARY KEY NOT NULL,
	`payment_id` text NOT NULL,
	`amount_fen` integer NOT NULL,
	`reason` text NOT NULL,
	`state` text NOT NULL,
	`created_at` integer NOT NULL,
	`done_at` integer,
	CONSTRAINT "refunds_amount" CHECK("refunds"."amount_fen" > 0)
);
--> statement-breakpoint
CREATE INDEX `refunds_payment` ON `refunds` (`payment_id`);--> statement-breakpoint
CREATE TABLE `room_events` (
	`room_id` text NOT NULL,
	`n` integer NOT NULL,
	`at` integer NOT NULL,
	`type` text NOT NULL,
	`body` text NOT NULL,
	`actor_id` text NOT NULL,
	`key` text,
	PRIMARY KEY(`room_id`, `n`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `room_events_key` ON `room_events` (`room_id`,`key`);--> statement-breakpoint
CREATE INDEX `room_events_type` ON `room_events` (`room_id`,`type`,`n`);--> statement-breakpoint
CREATE TABLE `rooms` (
	`id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`pinned_product_id` text,
	`hearts` integer NOT NULL,
	CONSTRAINT "rooms_version" CHECK("rooms"."version" >= 0)
);
--> statement-breakpoint
CREATE TABLE `sandbox_payments` (
	`id` text PRIMARY KEY NOT NULL,
	`amount_fen` integer NOT NULL,
	`refunded_fen` integer NOT NULL,
	`state` text NOT NULL,
	`ends_at` integer NOT NULL,
	CONSTRAINT "sandbox_refunded" CHECK("sandbox_payments"."refunded_fen" >= 0 and "sandbox_payments"."refunded_fen" <= "sandbox_payments"."amount_fen")
);
--> statement-breakpoint
CREATE TABLE `sandbox_refunds` (
	`key` text PRIMARY KEY NOT NULL,
	`payment_id` text NOT NULL,
	`amount_fen` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `session` (
	`id` text PRIMARY KEY NOT NULL,
	`expires_at` integer NOT NULL,
	`token` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`ip_address` text,
	`user_agent` text,
	`user_id` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `session_token_unique` ON `session` (`token`);--> statement-breakpoint
CREATE INDEX `session_user` ON `session` (`user_id`);--> statement-breakpoint
CREATE INDEX `session_expires` ON `session` (`expires_at`);--> statement-breakpoint
CREATE TABLE `shelf` (
	`show_id` text NOT NULL,
	`number` integer NOT NULL,
	`product_id` text NOT NULL,
	PRIMARY KEY(`show_id`, `number`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `shelf_product` ON `shelf` (`show_id`,`product_id`);--> statement-breakpoint
CREATE TABLE `shops` (
	`id` text PRIMARY KEY NOT NULL,
	`owner_id` text NOT NULL,
	`name` text NOT NULL,
	`village` text NOT NULL,
	`story` text NOT NULL,
	`portrait` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `shops_owner_id_unique` ON `shops` (`owner_id`);--> statement-breakpoint
CREATE TABLE `shows` (
	`id` text PRIMARY KEY NOT NULL,
	`host_id` text NOT NULL,
	`title` text NOT NULL,
	`cover` text NOT NULL,
	`starts_at` integer NOT NULL,
	`state` text NOT NULL,
	`session_id` text,
	`opened_at` integer,
	`ended_at` integer,
	`peak_viewers` integer NOT NULL,
	`demo` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `shows_state` ON `shows` (`state`,`starts_at`);--> statement-breakpoint
CREATE INDEX `shows_host` ON `shows` (`host_id`,`starts_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `shows_session` ON `shows` (`session_id`);--> statement-breakpoint
CREATE TABLE `sign_in_codes` (
	`phone` text PRIMARY KEY NOT NULL,
	`digest` text NOT NULL,
	`tries_left` integer NOT NULL,
	`ends_at` integer NOT NULL,
	`sent_at` text NOT NULL,
	`last_sent_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `sign_in_codes_last_sent` ON `sign_in_codes` (`last_sent_at`);--> statement-breakpoint
CREATE TABLE `specs` (
	`id` text PRIMARY KEY NOT NULL,
	`product_id` text NOT NULL,
	`name` text NOT NULL,
	`unit` text NOT NULL,
	`price_fen` integer NOT NULL,
	`stock` integer NOT NULL,
	`position` integer NOT NULL,
	CONSTRAINT "specs_stock" CHECK("specs"."stock" >= 0),
	CONSTRAINT "specs_price" CHECK("specs"."price_fen" >= 0)
);
--> statement-breakpoint
CREATE INDEX `specs_product` ON `specs` (`product_id`,`position`);--> statement-breakpoint
CREATE TABLE `user` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`email_verified` integer NOT NULL,
	`image` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`phone_number` text,
	`phone_number_verified` integer,
	`role` text NOT NULL,
	`banned` integer NOT NULL,
	`ban_reason` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `user_email_unique` ON `user` (`email`);--> statement-breakpoint
CREATE UNIQUE INDEX `user_phone_number_unique` ON `user` (`phone_number`);--> statement-breakpoint
CREATE INDEX `user_role` ON `user` (`role`);--> statement-breakpoint
CREATE TABLE `verification` (
	`id` text PRIMARY KEY NOT NULL,
	`identifier` text NOT NULL,
	`value` text NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer,
	`updated_at` integer
);
--> statement-breakpoint
CREATE INDEX `verification_identifier` ON `verification` (`identifier`);