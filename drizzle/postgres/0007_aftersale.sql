CREATE TABLE "goods_returns" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"shop_id" text NOT NULL,
	"member_id" text NOT NULL,
	"lines" jsonb NOT NULL,
	"state" text NOT NULL,
	"open_key" text NOT NULL,
	"parcel" text NOT NULL,
	"words" text NOT NULL,
	"created_at" bigint NOT NULL,
	"due_at" bigint NOT NULL,
	"closed_at" bigint NOT NULL,
	"closed_by" text NOT NULL,
	CONSTRAINT "goods_returns_open_key_unique" UNIQUE("open_key")
);
--> statement-breakpoint
CREATE TABLE "money_alerts" (
	"id" text PRIMARY KEY NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"details" jsonb NOT NULL,
	"at" bigint NOT NULL,
	"settled_at" bigint NOT NULL,
	"settled_by" text NOT NULL,
	"words" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "compensations" ADD COLUMN "percent" integer DEFAULT 100 NOT NULL;--> statement-breakpoint
CREATE INDEX "goods_returns_order" ON "goods_returns" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "goods_returns_shop" ON "goods_returns" USING btree ("shop_id","created_at");--> statement-breakpoint
CREATE INDEX "goods_returns_open" ON "goods_returns" USING btree ("state","created_at","id");--> statement-breakpoint
CREATE INDEX "money_alerts_open" ON "money_alerts" USING btree ("settled_at","at","id");