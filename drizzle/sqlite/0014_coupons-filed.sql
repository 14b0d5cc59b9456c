DROP INDEX `claims_member`;--> statement-breakpoint
ALTER TABLE `claims` ADD `filed` integer DEFAULT true NOT NULL;--> statement-breakpoint
CREATE INDEX `claims_buyer` ON `claims` (`member_id`) WHERE "claims"."order_id" <> '';--> statement-breakpoint
CREATE INDEX `claims_member` ON `claims` (`member_id`,`claimed_at`) WHERE "claims"."filed";--> statement-breakpoint
ALTER TABLE `coupons` ADD `filed_to` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `coupons_unfiled` ON `coupons` (`ends_at`) WHERE "coupons"."filed_to" <> '~';