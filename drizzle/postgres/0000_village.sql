CREATE TABLE "account" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"user_id" text NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp (3) with time zone,
	"refresh_token_expires_at" timestamp (3) with time zone,
	"scope" text,
	"password" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "addresses" (
	"id" text PRIMARY KEY NOT NULL,
	"member_id" text NOT NULL,
	"receiver" text NOT NULL,
	"phone" text NOT NULL,
	"region" text NOT NULL,
	"detail" text NOT NULL,
	"used_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit" (
	"id" text PRIMARY KEY NOT NULL,
	"at" bigint NOT NULL,
	"actor_id" text NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"details" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "claims" (
	"coupon_id" text NOT NULL,
	"member_id" text NOT NULL,
	"nth" integer NOT NULL,
	"claimed_at" bigint NOT NULL,
	"order_id" text NOT NULL,
	CONSTRAINT "claims_coupon_id_member_id_nth_pk" PRIMARY KEY("coupon_id","member_id","nth")
);
--> statement-breakpoint
CREATE TABLE "coupons" (
	"id" text PRIMARY KEY NOT NULL,
	"shop_id" text NOT NULL,
	"host_id" text NOT NULL,
	"show_id" text NOT NULL,
	"kind" text NOT NULL,
	"off_fen" bigint NOT NULL,
	"threshold_fen" bigint NOT NULL,
	"total" integer NOT NULL,
	"left" integer NOT NULL,
	"per_member" integer NOT NULL,
	"ends_at" bigint NOT NULL,
	"created_by" text NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "coupons_left" CHECK ("coupons"."left" >= 0 and "coupons"."left" <= "coupons"."total"),
	CONSTRAINT "coupons_off" CHECK ("coupons"."off_fen" > 0)
);
--> statement-breakpoint
CREATE TABLE "courses" (
	"id" text PRIMARY KEY NOT NULL,
	"title" text NOT NULL,
	"about" text NOT NULL,
	"trainer_id" text NOT NULL,
	"place" text NOT NULL,
	"seats" integer NOT NULL,
	"starts_at" bigint NOT NULL,
	"ends_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "dev_inbox" (
	"id" text PRIMARY KEY NOT NULL,
	"phone" text NOT NULL,
	"text" text NOT NULL,
	"code" text NOT NULL,
	"sent_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "film_segments" (
	"session_id" text NOT NULL,
	"rendition" text NOT NULL,
	"msn" integer NOT NULL,
	"filmed_at" bigint NOT NULL,
	"duration_ms" integer NOT NULL,
	"init" integer NOT NULL,
	"discontinuity" boolean NOT NULL,
	"bytes" integer NOT NULL,
	"sha256" text NOT NULL,
	CONSTRAINT "film_segments_session_id_rendition_msn_pk" PRIMARY KEY("session_id","rendition","msn")
);
--> statement-breakpoint
CREATE TABLE "film_sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"show_id" text NOT NULL,
	"publisher_id" text NOT NULL,
	"state" text NOT NULL,
	"opened_at" bigint NOT NULL,
	"first_frame_at" bigint,
	"last_frame_at" bigint,
	"ended_at" bigint,
	"media_url" text NOT NULL,
	"holder" text NOT NULL,
	"codecs" text NOT NULL,
	"width" integer NOT NULL,
	"height" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "follows" (
	"member_id" text NOT NULL,
	"host_id" text NOT NULL,
	"followed_at" bigint NOT NULL,
	CONSTRAINT "follows_member_id_host_id_pk" PRIMARY KEY("member_id","host_id")
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"payload" jsonb NOT NULL,
	"run_at" bigint NOT NULL,
	"attempts" integer NOT NULL,
	"lease" text NOT NULL,
	"error" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "order_changes" (
	"order_id" text NOT NULL,
	"n" integer NOT NULL,
	"state" text NOT NULL,
	"actor_id" text NOT NULL,
	"at" bigint NOT NULL,
	"note" text NOT NULL,
	CONSTRAINT "order_changes_order_id_n_pk" PRIMARY KEY("order_id","n")
);
--> statement-breakpoint
CREATE TABLE "order_lines" (
	"order_id" text NOT NULL,
	"spec_id" text NOT NULL,
	"product_id" text NOT NULL,
	"title" text NOT NULL,
	"spec_name" text NOT NULL,
	"unit" text NOT NULL,
	"photo" text NOT NULL,
	"qty" integer NOT NULL,
	"price_fen" bigint NOT NULL,
	"perishable" boolean NOT NULL,
	"perishable_agreed_at" bigint,
	CONSTRAINT "order_lines_order_id_spec_id_pk" PRIMARY KEY("order_id","spec_id"),
	CONSTRAINT "order_lines_qty" CHECK ("order_lines"."qty" > 0)
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"id" text PRIMARY KEY NOT NULL,
	"member_id" text NOT NULL,
	"buyer" text NOT NULL,
	"key" text NOT NULL,
	"shop_id" text NOT NULL,
	"show_id" text NOT NULL,
	"state" text NOT NULL,
	"goods_fen" bigint NOT NULL,
	"discount_fen" bigint NOT NULL,
	"freight_fen" bigint NOT NULL,
	"pay_fen" bigint NOT NULL,
	"coupon_id" text NOT NULL,
	"coupon_nth" integer NOT NULL,
	"deliver_to" jsonb NOT NULL,
	"test" boolean NOT NULL,
	"payment_id" text NOT NULL,
	"created_at" bigint NOT NULL,
	"held_until" bigint NOT NULL,
	"paid_at" bigint,
	"closed_at" bigint,
	CONSTRAINT "orders_sum" CHECK ("orders"."pay_fen" = "orders"."goods_fen" - "orders"."discount_fen" + "orders"."freight_fen"),
	CONSTRAINT "orders_discount" CHECK ("orders"."discount_fen" >= 0 and "orders"."discount_fen" <= "orders"."goods_fen")
);
--> statement-breakpoint
CREATE TABLE "payment_events" (
	"gateway" text NOT NULL,
	"event_id" text NOT NULL,
	"payment_id" text NOT NULL,
	"type" text NOT NULL,
	"received_at" bigint NOT NULL,
	CONSTRAINT "payment_events_gateway_event_id_pk" PRIMARY KEY("gateway","event_id")
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"member_id" text NOT NULL,
	"attempt" integer NOT NULL,
	"gateway" text NOT NULL,
	"method" text NOT NULL,
	"amount_fen" bigint NOT NULL,
	"refunded_fen" bigint NOT NULL,
	"state" text NOT NULL,
	"gateway_ref" text NOT NULL,
	"pay_url" text NOT NULL,
	"capture_ref" text NOT NULL,
	"created_at" bigint NOT NULL,
	"ends_at" bigint NOT NULL,
	"asked_at" bigint NOT NULL,
	"paid_at" bigint,
	CONSTRAINT "payments_refunded" CHECK ("payments"."refunded_fen" >= 0 and "payments"."refunded_fen" <= "payments"."amount_fen")
);
--> statement-breakpoint
CREATE TABLE "products" (
	"id" text PRIMARY KEY NOT NULL,
	"shop_id" text NOT NULL,
	"title" text NOT NULL,
	"about" text NOT NULL,
	"kind" text NOT NULL,
	"origin" text NOT NULL,
	"caught_on" text NOT NULL,
	"perishable" boolean NOT NULL,
	"photos" jsonb NOT NULL,
	"state" text NOT NULL,
	"search_text" text NOT NULL,
	"version" integer NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "refunds" (
	"id" text PRIMARY KEY NOT NULL,
	"payment_id" text NOT NULL,
	"amount_fen" bigint NOT NULL,
	"reason" text NOT NULL,
	"state" text NOT NULL,
	"created_at" bigint NOT NULL,
	"done_at" bigint,
	CONSTRAINT "refunds_amount" CHECK ("refunds"."amount_fen" > 0)
);
--> statement-breakpoint
CREATE TABLE "room_events" (
	"room_id" text NOT NULL,
	"n" integer NOT NULL,
	"at" bigint NOT NULL,
	"type" text NOT NULL,
	"body" jsonb NOT NULL,
	"actor_id" text NOT NULL,
	"key" text,
	CONSTRAINT "room_events_room_id_n_pk" PRIMARY KEY("room_id","n")
);
--> statement-breakpoint
CREATE TABLE "rooms" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"pinned_product_id" text,
	"hearts" integer NOT NULL,
	CONSTRAINT "rooms_version" CHECK ("rooms"."version" >= 0)
);
--> statement-breakpoint
CREATE TABLE "sandbox_payments" (
	"id" text PRIMARY KEY NOT NULL,
	"amount_fen" bigint NOT NULL,
	"refunded_fen" bigint NOT NULL,
	"state" text NOT NULL,
	"ends_at" bigint NOT NULL,
	CONSTRAINT "sandbox_refunded" CHECK ("sandbox_payments"."refunded_fen" >= 0 and "sandbox_payments"."refunded_fen" <= "sandbox_payments"."amount_fen")
);
--> statement-breakpoint
CREATE TABLE "sandbox_refunds" (
	"key" text PRIMARY KEY NOT NULL,
	"payment_id" text NOT NULL,
	"amount_fen" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "session" (
	"id" text PRIMARY KEY NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"token" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"user_id" text NOT NULL,
	CONSTRAINT "session_token_unique" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "shelf" (
	"show_id" text NOT NULL,
	"number" integer NOT NULL,
	"product_id" text NOT NULL,
	CONSTRAINT "shelf_show_id_number_pk" PRIMARY KEY("show_id","number")
);
--> statement-breakpoint
CREATE TABLE "shops" (
	"id" text PRIMARY KEY NOT NULL,
	"owner_id" text NOT NULL,
	"name" text NOT NULL,
	"village" text NOT NULL,
	"story" text NOT NULL,
	"portrait" text NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "shops_owner_id_unique" UNIQUE("owner_id")
);
--> statement-breakpoint
CREATE TABLE "shows" (
	"id" text PRIMARY KEY NOT NULL,
	"host_id" text NOT NULL,
	"title" text NOT NULL,
	"cover" text NOT NULL,
	"starts_at" bigint NOT NULL,
	"state" text NOT NULL,
	"session_id" text,
	"opened_at" bigint,
	"ended_at" bigint,
	"peak_viewers" integer NOT NULL,
	"demo" boolean NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_in_codes" (
	"phone" text PRIMARY KEY NOT NULL,
	"digest" text NOT NULL,
	"tries_left" integer NOT NULL,
	"ends_at" bigint NOT NULL,
	"sent_at" jsonb NOT NULL,
	"last_sent_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "specs" (
	"id" text PRIMARY KEY NOT NULL,
	"product_id" text NOT NULL,
	"name" text NOT NULL,
	"unit" text NOT NULL,
	"price_fen" bigint NOT NULL,
	"stock" integer NOT NULL,
	"position" integer NOT NULL,
	CONSTRAINT "specs_stock" CHECK ("specs"."stock" >= 0),
	CONSTRAINT "specs_price" CHECK ("specs"."price_fen" >= 0)
);
--> statement-breakpoint
CREATE TABLE "user" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean NOT NULL,
	"image" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"phone_number" text,
	"phone_number_verified" boolean,
	"role" text NOT NULL,
	"banned" boolean NOT NULL,
	"ban_reason" text NOT NULL,
	CONSTRAINT "user_email_unique" UNIQUE("email"),
	CONSTRAINT "user_phone_number_unique" UNIQUE("phone_number")
);
--> statement-breakpoint
CREATE TABLE "verification" (
	"id" text PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE INDEX "account_user" ON "account" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "addresses_member" ON "addresses" USING btree ("member_id","used_at");--> statement-breakpoint
CREATE INDEX "audit_at" ON "audit" USING btree ("at");--> statement-breakpoint
CREATE INDEX "claims_member" ON "claims" USING btree ("member_id","claimed_at");--> statement-breakpoint
CREATE INDEX "claims_order" ON "claims" USING btree ("order_id") WHERE "claims"."order_id" <> '';--> statement-breakpoint
CREATE INDEX "coupons_show" ON "coupons" USING btree ("show_id","created_at");--> statement-breakpoint
CREATE INDEX "courses_starts" ON "courses" USING btree ("starts_at");--> statement-breakpoint
CREATE INDEX "dev_inbox_phone" ON "dev_inbox" USING btree ("phone","sent_at");--> statement-breakpoint
CREATE INDEX "dev_inbox_sent" ON "dev_inbox" USING btree ("sent_at");--> statement-breakpoint
CREATE INDEX "film_segments_filmed" ON "film_segments" USING btree ("session_id","rendition","filmed_at");--> statement-breakpoint
CREATE INDEX "film_sessions_show" ON "film_sessions" USING btree ("show_id");--> statement-breakpoint
CREATE INDEX "film_sessions_state" ON "film_sessions" USING btree ("state");--> statement-breakpoint
CREATE INDEX "follows_host" ON "follows" USING btree ("host_id");--> statement-breakpoint
CREATE INDEX "jobs_due" ON "jobs" USING btree ("run_at");--> statement-breakpoint
CREATE UNIQUE INDEX "orders_key" ON "orders" USING btree ("member_id","key");--> statement-breakpoint
CREATE INDEX "orders_member" ON "orders" USING btree ("member_id","created_at");--> statement-breakpoint
CREATE INDEX "orders_shop" ON "orders" USING btree ("shop_id","created_at");--> statement-breakpoint
CREATE INDEX "orders_show" ON "orders" USING btree ("show_id","created_at");--> statement-breakpoint
CREATE INDEX "orders_held" ON "orders" USING btree ("state","held_until","id");--> statement-breakpoint
CREATE UNIQUE INDEX "payments_attempt" ON "payments" USING btree ("order_id","attempt");--> statement-breakpoint
CREATE INDEX "payments_capture" ON "payments" USING btree ("gateway","capture_ref");--> statement-breakpoint
CREATE INDEX "products_shop" ON "products" USING btree ("shop_id");--> statement-breakpoint
CREATE INDEX "products_catch" ON "products" USING btree ("state","caught_on","id");--> statement-breakpoint
CREATE INDEX "refunds_payment" ON "refunds" USING btree ("payment_id");--> statement-breakpoint
CREATE UNIQUE INDEX "room_events_key" ON "room_events" USING btree ("room_id","key");--> statement-breakpoint
CREATE INDEX "room_events_type" ON "room_events" USING btree ("room_id","type","n");--> statement-breakpoint
CREATE INDEX "session_user" ON "session" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "session_expires" ON "session" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "shelf_product" ON "shelf" USING btree ("show_id","product_id");--> statement-breakpoint
CREATE INDEX "shows_state" ON "shows" USING btree ("state","starts_at");--> statement-breakpoint
CREATE INDEX "shows_host" ON "shows" USING btree ("host_id","starts_at");--> statement-breakpoint
CREATE UNIQUE INDEX "shows_session" ON "shows" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "sign_in_codes_last_sent" ON "sign_in_codes" USING btree ("last_sent_at");--> statement-breakpoint
CREATE INDEX "specs_product" ON "specs" USING btree ("product_id","position");--> statement-breakpoint
CREATE INDEX "user_role" ON "user" USING btree ("role");--> statement-breakpoint
CREATE INDEX "verification_identifier" ON "verification" USING btree ("identifier");