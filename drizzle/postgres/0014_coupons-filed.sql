DROP INDEX "claims_member";--> statement-breakpoint
ALTER TABLE "claims" ADD COLUMN "filed" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "coupons" ADD COLUMN "filed_to" text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX "claims_buyer" ON "claims" USING btree ("member_id") WHERE "claims"."order_id" <> '';--> statement-breakpoint
CREATE INDEX "coupons_unfiled" ON "coupons" USING btree ("ends_at") WHERE "coupons"."filed_to" <> '~';--> statement-breakpoint
CREATE INDEX "claims_member" ON "claims" USING btree ("member_id","claimed_at") WHERE "claims"."filed";