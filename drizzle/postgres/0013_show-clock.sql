ALTER TABLE "coupons" ADD COLUMN "stopped_at" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "flash_sales" ADD COLUMN "stopped_at" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "flash_sales_product" ON "flash_sales" USING btree ("product_id","ends_at");