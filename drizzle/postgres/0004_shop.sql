CREATE TABLE "bank_accounts" (
	"shop_id" text PRIMARY KEY NOT NULL,
	"sealed" text NOT NULL,
	"shown" text NOT NULL,
	"updated_by" text NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "basket_items" (
	"member_id" text NOT NULL,
	"spec_id" text NOT NULL,
	"qty" integer NOT NULL,
	"show_id" text NOT NULL,
	"seen_fen" bigint NOT NULL,
	"added_at" bigint NOT NULL,
	CONSTRAINT "basket_items_member_id_spec_id_pk" PRIMARY KEY("member_id","spec_id"),
	CONSTRAINT "basket_items_qty" CHECK ("basket_items"."qty" > 0)
);
--> statement-breakpoint
CREATE TABLE "budgets" (
	"id" text PRIMARY KEY NOT NULL,
	"payer" text NOT NULL,
	"shop_id" text NOT NULL,
	"name" text NOT NULL,
	"total_fen" bigint NOT NULL,
	"left_fen" bigint NOT NULL,
	"created_by" text NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "budgets_left" CHECK ("budgets"."left_fen" >= 0 and "budgets"."left_fen" <= "budgets"."total_fen")
);
--> statement-breakpoint
CREATE TABLE "compensations" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"spec_id" text NOT NULL,
	"shop_id" text NOT NULL,
	"member_id" text NOT NULL,
	"what" text NOT NULL,
	"qty" integer NOT NULL,
	"asked_fen" bigint NOT NULL,
	"granted_fen" bigint NOT NULL,
	"state" text NOT NULL,
	"open_key" text NOT NULL,
	"case_id" text NOT NULL,
	"code" text NOT NULL,
	"file_ids" jsonb NOT NULL,
	"words" text NOT NULL,
	"created_at" bigint NOT NULL,
	"closed_at" bigint NOT NULL,
	CONSTRAINT "compensations_open_key_unique" UNIQUE("open_key"),
	CONSTRAINT "compensations_granted" CHECK ("compensations"."granted_fen" >= 0 and "compensations"."granted_fen" <= "compensations"."asked_fen")
);
--> statement-breakpoint
CREATE TABLE "entries" (
	"posting_id" text NOT NULL,
	"n" integer NOT NULL,
	"account" text NOT NULL,
	"fen" bigint NOT NULL,
	"test" boolean NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "entries_posting_id_n_pk" PRIMARY KEY("posting_id","n"),
	CONSTRAINT "entries_fen" CHECK ("entries"."fen" <> 0)
);
--> statement-breakpoint
CREATE TABLE "flash_sales" (
	"id" text PRIMARY KEY NOT NULL,
	"show_id" text NOT NULL,
	"product_id" text NOT NULL,
	"spec_id" text NOT NULL,
	"price_fen" bigint NOT NULL,
	"total" integer NOT NULL,
	"left" integer NOT NULL,
	"per_member" integer NOT NULL,
	"starts_at" bigint NOT NULL,
	"ends_at" bigint NOT NULL,
	"created_by" text NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "flash_sales_left" CHECK ("flash_sales"."left" >= 0 and "flash_sales"."left" <= "flash_sales"."total"),
	CONSTRAINT "flash_sales_price" CHECK ("flash_sales"."price_fen" > 0),
	CONSTRAINT "flash_sales_each" CHECK ("flash_sales"."per_member" > 0)
);
--> statement-breakpoint
CREATE TABLE "flash_takes" (
	"flash_id" text NOT NULL,
	"member_id" text NOT NULL,
	"qty" integer NOT NULL,
	CONSTRAINT "flash_takes_flash_id_member_id_pk" PRIMARY KEY("flash_id","member_id"),
	CONSTRAINT "flash_takes_qty" CHECK ("flash_takes"."qty" >= 0)
);
--> statement-breakpoint
CREATE TABLE "freight_templates" (
	"id" text PRIMARY KEY NOT NULL,
	"shop_id" text NOT NULL,
	"name" text NOT NULL,
	"zones" jsonb NOT NULL,
	"refused" jsonb NOT NULL,
	"version" integer NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "lot_specs" (
	"lot_id" text NOT NULL,
	"spec_id" text NOT NULL,
	"qty" integer NOT NULL,
	"left" integer NOT NULL,
	CONSTRAINT "lot_specs_lot_id_spec_id_pk" PRIMARY KEY("lot_id","spec_id"),
	CONSTRAINT "lot_specs_left" CHECK ("lot_specs"."left" >= 0 and "lot_specs"."left" <= "lot_specs"."qty")
);
--> statement-breakpoint
CREATE TABLE "lot_uses" (
	"order_id" text NOT NULL,
	"spec_id" text NOT NULL,
	"lot_id" text NOT NULL,
	"qty" integer NOT NULL,
	CONSTRAINT "lot_uses_order_id_spec_id_lot_id_pk" PRIMARY KEY("order_id","spec_id","lot_id"),
	CONSTRAINT "lot_uses_qty" CHECK ("lot_uses"."qty" > 0)
);
--> statement-breakpoint
CREATE TABLE "lots" (
	"id" text PRIMARY KEY NOT NULL,
	"shop_id" text NOT NULL,
	"product_id" text NOT NULL,
	"source" text NOT NULL,
	"source_name" text NOT NULL,
	"lands_at" bigint NOT NULL,
	"grams" bigint NOT NULL,
	"state" text NOT NULL,
	"version" integer NOT NULL,
	"created_by" text NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "lots_grams" CHECK ("lots"."grams" > 0)
);
--> statement-breakpoint
CREATE TABLE "order_coupons" (
	"order_id" text NOT NULL,
	"coupon_id" text NOT NULL,
	"nth" integer NOT NULL,
	"off_fen" bigint NOT NULL,
	"payer" text NOT NULL,
	CONSTRAINT "order_coupons_order_id_coupon_id_nth_pk" PRIMARY KEY("order_id","coupon_id","nth"),
	CONSTRAINT "order_coupons_off" CHECK ("order_coupons"."off_fen" >= 0)
);
--> statement-breakpoint
CREATE TABLE "order_refunds" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"key" text NOT NULL,
	"cause" text NOT NULL,
	"lines" jsonb NOT NULL,
	"goods_fen" bigint NOT NULL,
	"freight_fen" bigint NOT NULL,
	"state" text NOT NULL,
	"words" text NOT NULL,
	"actor_id" text NOT NULL,
	"created_at" bigint NOT NULL,
	"done_at" bigint NOT NULL,
	CONSTRAINT "order_refunds_fen" CHECK ("order_refunds"."goods_fen" >= 0 and "order_refunds"."freight_fen" >= 0)
);
--> statement-breakpoint
CREATE TABLE "parcels" (
	"id" text PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"shop_id" text NOT NULL,
	"member_id" text NOT NULL,
	"deliver_to" jsonb NOT NULL,
	"temp_class" text NOT NULL,
	"state" text NOT NULL,
	"grams" integer NOT NULL,
	"carrier" text NOT NULL,
	"tracking_no" text NOT NULL,
	"packed_by" text NOT NULL,
	"packed_at" bigint NOT NULL,
	"shipped_by" text NOT NULL,
	"shipped_at" bigint NOT NULL,
	CONSTRAINT "parcels_code_unique" UNIQUE("code")
);
--> statement-breakpoint
CREATE TABLE "payout_batches" (
	"id" text PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"total_fen" bigint NOT NULL,
	"up_to" bigint NOT NULL,
	"created_by" text NOT NULL,
	"created_at" bigint NOT NULL,
	"first_by" text NOT NULL,
	"first_at" bigint NOT NULL,
	"second_by" text NOT NULL,
	"second_at" bigint NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "payout_batches_two" CHECK ("payout_batches"."second_by" = '' or "payout_batches"."second_by" <> "payout_batches"."first_by")
);
--> statement-breakpoint
CREATE TABLE "payouts" (
	"batch_id" text NOT NULL,
	"shop_id" text NOT NULL,
	"fen" bigint NOT NULL,
	"payee" text NOT NULL,
	CONSTRAINT "payouts_batch_id_shop_id_pk" PRIMARY KEY("batch_id","shop_id"),
	CONSTRAINT "payouts_fen" CHECK ("payouts"."fen" > 0)
);
--> statement-breakpoint
CREATE TABLE "photo_codes" (
	"order_id" text NOT NULL,
	"code" text NOT NULL,
	"made_at" bigint NOT NULL,
	CONSTRAINT "photo_codes_order_id_code_pk" PRIMARY KEY("order_id","code")
);
--> statement-breakpoint
CREATE TABLE "postings" (
	"id" text PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"order_id" text NOT NULL,
	"shop_id" text NOT NULL,
	"test" boolean NOT NULL,
	"words" text NOT NULL,
	"actor_id" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "postings_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "reconciliations" (
	"gateway" text NOT NULL,
	"day" text NOT NULL,
	"state" text NOT NULL,
	"ours_fen" bigint NOT NULL,
	"theirs_fen" bigint NOT NULL,
	"differences" jsonb NOT NULL,
	"done_at" bigint NOT NULL,
	"settled_by" text NOT NULL,
	"words" text NOT NULL,
	CONSTRAINT "reconciliations_gateway_day_pk" PRIMARY KEY("gateway","day")
);
--> statement-breakpoint
CREATE TABLE "redemptions" (
	"id" text PRIMARY KEY NOT NULL,
	"voucher_id" text NOT NULL,
	"shop_id" text NOT NULL,
	"gate_id" text NOT NULL,
	"by_id" text NOT NULL,
	"at" bigint NOT NULL,
	"heard_at" bigint NOT NULL,
	"offline" boolean NOT NULL,
	"outcome" text NOT NULL,
	"words" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reviews" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"spec_id" text NOT NULL,
	"product_id" text NOT NULL,
	"shop_id" text NOT NULL,
	"member_id" text NOT NULL,
	"buyer" text NOT NULL,
	"stars" integer NOT NULL,
	"words" text NOT NULL,
	"photos" jsonb NOT NULL,
	"test" boolean NOT NULL,
	"created_at" bigint NOT NULL,
	"reply" text NOT NULL,
	"replied_at" bigint NOT NULL,
	"hidden_reason" text NOT NULL,
	"hidden_by" text NOT NULL,
	"hidden_at" bigint NOT NULL,
	CONSTRAINT "reviews_stars" CHECK ("reviews"."stars" between 1 and 5)
);
--> statement-breakpoint
CREATE TABLE "stock_waits" (
	"id" text PRIMARY KEY NOT NULL,
	"spec_id" text NOT NULL,
	"member_id" text NOT NULL,
	"qty" integer NOT NULL,
	"state" text NOT NULL,
	"open_key" text NOT NULL,
	"asked_at" bigint NOT NULL,
	"offer_until" bigint NOT NULL,
	"order_id" text NOT NULL,
	CONSTRAINT "stock_waits_open_key_unique" UNIQUE("open_key"),
	CONSTRAINT "stock_waits_qty" CHECK ("stock_waits"."qty" > 0)
);
--> statement-breakpoint
CREATE TABLE "vouchers" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"spec_id" text NOT NULL,
	"product_id" text NOT NULL,
	"shop_id" text NOT NULL,
	"member_id" text NOT NULL,
	"n" integer NOT NULL,
	"code" text NOT NULL,
	"state" text NOT NULL,
	"expires_at" bigint NOT NULL,
	"redeemed_at" bigint NOT NULL,
	"redeemed_by" text NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "watched" (
	"show_id" text NOT NULL,
	"member_id" text NOT NULL,
	"ms" bigint NOT NULL,
	"seen_at" bigint NOT NULL,
	CONSTRAINT "watched_show_id_member_id_pk" PRIMARY KEY("show_id","member_id")
);
--> statement-breakpoint
CREATE TABLE "weather_notices" (
	"id" text PRIMARY KEY NOT NULL,
	"provinces" jsonb NOT NULL,
	"kind" text NOT NULL,
	"celsius" integer NOT NULL,
	"words" text NOT NULL,
	"from_at" bigint NOT NULL,
	"until_at" bigint NOT NULL,
	"created_by" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "coupons" ADD COLUMN "off_permyriad" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "coupons" ADD COLUMN "scope" text DEFAULT 'shop' NOT NULL;--> statement-breakpoint
ALTER TABLE "coupons" ADD COLUMN "product_ids" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "coupons" ADD COLUMN "payer" text DEFAULT 'host' NOT NULL;--> statement-breakpoint
ALTER TABLE "coupons" ADD COLUMN "budget_id" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "coupons" ADD COLUMN "new_buyer" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "coupons" ADD COLUMN "starts_at" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "coupons" ADD COLUMN "watch_ms" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "coupons" ADD COLUMN "code" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "order_lines" ADD COLUMN "kind" text DEFAULT 'goods' NOT NULL;--> statement-breakpoint
ALTER TABLE "order_lines" ADD COLUMN "goods_class" text DEFAULT 'fresh' NOT NULL;--> statement-breakpoint
ALTER TABLE "order_lines" ADD COLUMN "temp_class" text DEFAULT 'chilled' NOT NULL;--> statement-breakpoint
ALTER TABLE "order_lines" ADD COLUMN "grams" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order_lines" ADD COLUMN "flash_id" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "order_lines" ADD COLUMN "off_fen" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order_lines" ADD COLUMN "refunded_qty" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order_lines" ADD COLUMN "refunded_fen" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "bill_id" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "refunded_fen" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "parcel_id" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "moves_at" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "packed_at" bigint;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "shipped_at" bigint;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "received_at" bigint;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "done_at" bigint;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "temp_class" text DEFAULT 'chilled' NOT NULL;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "freight_id" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "max_hours" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "max_celsius" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "valid_days" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "refunds" ADD COLUMN "for_id" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "specs" ADD COLUMN "grams" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "budgets_shop" ON "budgets" USING btree ("payer","shop_id","created_at");--> statement-breakpoint
CREATE INDEX "compensations_order" ON "compensations" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "compensations_member" ON "compensations" USING btree ("member_id","created_at");--> statement-breakpoint
CREATE INDEX "compensations_shop" ON "compensations" USING btree ("shop_id","created_at");--> statement-breakpoint
CREATE INDEX "compensations_case" ON "compensations" USING btree ("case_id");--> statement-breakpoint
CREATE INDEX "entries_account" ON "entries" USING btree ("account","test","at");--> statement-breakpoint
CREATE INDEX "flash_sales_show" ON "flash_sales" USING btree ("show_id","ends_at");--> statement-breakpoint
CREATE INDEX "flash_sales_spec" ON "flash_sales" USING btree ("spec_id","ends_at");--> statement-breakpoint
CREATE INDEX "freight_templates_shop" ON "freight_templates" USING btree ("shop_id","id");--> statement-breakpoint
CREATE INDEX "lot_specs_spec" ON "lot_specs" USING btree ("spec_id");--> statement-breakpoint
CREATE INDEX "lot_uses_lot" ON "lot_uses" USING btree ("lot_id","order_id");--> statement-breakpoint
CREATE INDEX "lots_shop" ON "lots" USING btree ("shop_id","lands_at","id");--> statement-breakpoint
CREATE INDEX "lots_product" ON "lots" USING btree ("product_id","lands_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "order_refunds_key" ON "order_refunds" USING btree ("order_id","key");--> statement-breakpoint
CREATE INDEX "order_refunds_state" ON "order_refunds" USING btree ("state","created_at","id");--> statement-breakpoint
CREATE INDEX "parcels_shop" ON "parcels" USING btree ("shop_id","state","packed_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "parcels_tracking" ON "parcels" USING btree ("carrier","tracking_no","id");--> statement-breakpoint
CREATE INDEX "payout_batches_at" ON "payout_batches" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "payouts_shop" ON "payouts" USING btree ("shop_id");--> statement-breakpoint
CREATE INDEX "postings_shop" ON "postings" USING btree ("shop_id","at","id");--> statement-breakpoint
CREATE INDEX "postings_order" ON "postings" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "redemptions_voucher" ON "redemptions" USING btree ("voucher_id","heard_at");--> statement-breakpoint
CREATE INDEX "redemptions_shop" ON "redemptions" USING btree ("shop_id","heard_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "reviews_line" ON "reviews" USING btree ("order_id","spec_id");--> statement-breakpoint
CREATE INDEX "reviews_product" ON "reviews" USING btree ("product_id","created_at","id");--> statement-breakpoint
CREATE INDEX "reviews_shop" ON "reviews" USING btree ("shop_id","created_at","id");--> statement-breakpoint
CREATE INDEX "stock_waits_line" ON "stock_waits" USING btree ("spec_id","state","asked_at","id");--> statement-breakpoint
CREATE INDEX "stock_waits_offers" ON "stock_waits" USING btree ("state","offer_until","id");--> statement-breakpoint
CREATE INDEX "stock_waits_member" ON "stock_waits" USING btree ("member_id","asked_at");--> statement-breakpoint
CREATE UNIQUE INDEX "vouchers_line" ON "vouchers" USING btree ("order_id","spec_id","n");--> statement-breakpoint
CREATE UNIQUE INDEX "vouchers_code" ON "vouchers" USING btree ("shop_id","code");--> statement-breakpoint
CREATE INDEX "vouchers_member" ON "vouchers" USING btree ("member_id","created_at");--> statement-breakpoint
CREATE INDEX "vouchers_expiry" ON "vouchers" USING btree ("state","expires_at","id");--> statement-breakpoint
CREATE INDEX "weather_notices_until" ON "weather_notices" USING btree ("until_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "coupons_code" ON "coupons" USING btree ("code") WHERE "coupons"."code" <> '';--> statement-breakpoint
CREATE INDEX "orders_bill" ON "orders" USING btree ("bill_id");--> statement-breakpoint
CREATE INDEX "orders_parcel" ON "orders" USING btree ("parcel_id");--> statement-breakpoint
CREATE INDEX "orders_to_pack" ON "orders" USING btree ("shop_id","state","paid_at","id");--> statement-breakpoint
CREATE INDEX "orders_moves" ON "orders" USING btree ("state","moves_at","id");--> statement-breakpoint
ALTER TABLE "coupons" ADD CONSTRAINT "coupons_permyriad" CHECK ("coupons"."off_permyriad" >= 0 and "coupons"."off_permyriad" < 10000);--> statement-breakpoint
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_off" CHECK ("order_lines"."off_fen" >= 0 and "order_lines"."off_fen" <= "order_lines"."qty" * "order_lines"."price_fen");--> statement-breakpoint
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_returned" CHECK ("order_lines"."refunded_qty" >= 0 and "order_lines"."refunded_qty" <= "order_lines"."qty");--> statement-breakpoint
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_refunded" CHECK ("order_lines"."refunded_fen" >= 0 and "order_lines"."refunded_fen" <= "order_lines"."qty" * "order_lines"."price_fen" - "order_lines"."off_fen");--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_refunded" CHECK ("orders"."refunded_fen" >= 0 and "orders"."refunded_fen" <= "orders"."pay_fen");