DROP INDEX "postings_shop";--> statement-breakpoint
ALTER TABLE "postings" ADD COLUMN "due_at" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "postings" ADD COLUMN "batch_id" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "sandbox_payments" ADD COLUMN "paid_at" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sandbox_refunds" ADD COLUMN "at" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "payments_paid" ON "payments" USING btree ("gateway","paid_at");--> statement-breakpoint
CREATE INDEX "postings_due" ON "postings" USING btree ("batch_id","test","shop_id","due_at");--> statement-breakpoint
CREATE INDEX "refunds_done" ON "refunds" USING btree ("done_at");--> statement-breakpoint
CREATE INDEX "sandbox_payments_paid" ON "sandbox_payments" USING btree ("paid_at");--> statement-breakpoint
CREATE INDEX "sandbox_refunds_at" ON "sandbox_refunds" USING btree ("at");--> statement-breakpoint
CREATE INDEX "postings_shop" ON "postings" USING btree ("shop_id","test","at","id");--> statement-breakpoint
ALTER TABLE "postings" ADD CONSTRAINT "postings_no_test_money" CHECK (not ("postings"."test" and "postings"."batch_id" <> ''));--> statement-breakpoint
-- The demo cashier did not write down when; it was when we heard of it.
UPDATE sandbox_payments SET paid_at = coalesce((SELECT p.paid_at FROM payments p WHERE p.id = sandbox_payments.id), 0) WHERE state = 'paid';--> statement-breakpoint
UPDATE sandbox_refunds SET at = coalesce((SELECT r.done_at FROM refunds r WHERE 'refund:' || r.id = sandbox_refunds.key), 0);
