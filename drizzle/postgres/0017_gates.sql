ALTER TABLE "redemptions" ADD COLUMN "gate_name" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "redemptions" ADD COLUMN "reason" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "redemptions" ADD COLUMN "first_id" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "vouchers" ADD COLUMN "title" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "vouchers" ADD COLUMN "spec_name" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "vouchers" ADD COLUMN "test" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "vouchers_open" ON "vouchers" USING btree ("shop_id","state","id");