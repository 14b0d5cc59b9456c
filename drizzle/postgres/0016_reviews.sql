CREATE TABLE "review_tallies" (
	"product_id" text NOT NULL,
	"test" boolean NOT NULL,
	"stars" integer NOT NULL,
	"reviews" integer NOT NULL,
	CONSTRAINT "review_tallies_product_id_test_stars_pk" PRIMARY KEY("product_id","test","stars"),
	CONSTRAINT "review_tallies_stars" CHECK ("review_tallies"."stars" between 1 and 5 and "review_tallies"."reviews" > 0)
);
--> statement-breakpoint
ALTER TABLE "reviews" ADD COLUMN "hidden_words" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "reviews" ADD COLUMN "ask" text DEFAULT 'none' NOT NULL;--> statement-breakpoint
ALTER TABLE "reviews" ADD COLUMN "ask_reason" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "reviews" ADD COLUMN "ask_words" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "reviews" ADD COLUMN "asked_at" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "reviews" ADD COLUMN "ask_answer" text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX "reviews_member" ON "reviews" USING btree ("member_id","created_at");--> statement-breakpoint
CREATE INDEX "reviews_asked" ON "reviews" USING btree ("ask","asked_at","id");--> statement-breakpoint
CREATE INDEX "reviews_hidden" ON "reviews" USING btree ("hidden_at","id");