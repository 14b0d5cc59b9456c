PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_postings` (
	`id` text PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`kind` text NOT NULL,
	`order_id` text NOT NULL,
	`shop_id` text NOT NULL,
	`test` integer NOT NULL,
	`words` text NOT NULL,
	`actor_id` text NOT NULL,
	`at` integer NOT NULL,
	`due_at` integer DEFAULT 0 NOT NULL,
	`batch_id` text DEFAULT '' NOT NULL,
	CONSTRAINT "postings_no_test_money" CHECK(not ("__new_postings"."test" and "__new_postings"."batch_id" <> ''))
);
--> statement-breakpoint
INSERT INTO `__new_postings`("id", "key", "kind", "order_id", "shop_id", "test", "words", "actor_id", "at") SELECT "id", "key", "kind", "order_id", "shop_id", "test", "words", "actor_id", "at" FROM `postings`;--> statement-breakpoint
DROP TABLE `postings`;--> statement-breakpoint
ALTER TABLE `__new_postings` RENAME TO `postings`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE UNIQUE INDEX `postings_key_unique` ON `postings` (`key`);--> statement-breakpoint
CREATE INDEX `postings_shop` ON `postings` (`shop_id`,`test`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `postings_order` ON `postings` (`order_id`);--> statement-breakpoint
CREATE INDEX `postings_due` ON `postings` (`batch_id`,`test`,`shop_id`,`due_at`);--> statement-breakpoint
ALTER TABLE `sandbox_payments` ADD `paid_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `sandbox_payments_paid` ON `sandbox_payments` (`paid_at`);--> statement-breakpoint
ALTER TABLE `sandbox_refunds` ADD `at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `sandbox_refunds_at` ON `sandbox_refunds` (`at`);--> statement-breakpoint
CREATE INDEX `payments_paid` ON `payments` (`gateway`,`paid_at`);--> statement-breakpoint
CREATE INDEX `refunds_done` ON `refunds` (`done_at`);--> statement-breakpoint
-- The demo cashier did not write down when; it was when we heard of it.
UPDATE sandbox_payments SET paid_at = coalesce((SELECT p.paid_at FROM payments p WHERE p.id = sandbox_payments.id), 0) WHERE state = 'paid';--> statement-breakpoint
UPDATE sandbox_refunds SET at = coalesce((SELECT r.done_at FROM refunds r WHERE 'refund:' || r.id = sandbox_refunds.key), 0);
