ALTER TABLE "courses" DISABLE ROW LEVEL SECURITY;--> statement-breakpoint
DROP TABLE "courses" CASCADE;--> statement-breakpoint
ALTER TABLE "film_sessions" ADD COLUMN "closed" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "goods_class" text DEFAULT 'fresh' NOT NULL;--> statement-breakpoint
ALTER TABLE "shows" ADD COLUMN "kind" text DEFAULT 'public' NOT NULL;--> statement-breakpoint
ALTER TABLE "shows" ADD COLUMN "subject_id" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "shows" ADD COLUMN "mentor_id" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "shows" ADD COLUMN "paused" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "shows" ADD COLUMN "sale_stopped" text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX "shows_kind" ON "shows" USING btree ("kind","starts_at");--> statement-breakpoint
UPDATE "products" SET "goods_class" = 'dining' WHERE "kind" = 'voucher';
