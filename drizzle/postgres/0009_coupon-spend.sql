ALTER TABLE "claims" ADD COLUMN "off_fen" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "coupons_shop" ON "coupons" USING btree ("shop_id","created_at");